{{ staged_table('marketing', 'list_members') }}
