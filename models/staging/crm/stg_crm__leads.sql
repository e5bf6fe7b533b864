{{ staged_table('crm', 'leads') }}
