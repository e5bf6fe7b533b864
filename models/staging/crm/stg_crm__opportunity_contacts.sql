{{ staged_table('crm', 'opportunity_contacts') }}
