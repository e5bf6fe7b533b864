{{ staged_table('marketing', 'form_leads') }}
