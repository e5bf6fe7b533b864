{{ staged_table('crm', 'owners') }}
