{{ staged_records('marketing', 'list_members') }}
