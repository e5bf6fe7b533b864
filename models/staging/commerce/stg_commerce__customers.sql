{{ staged_table('commerce', 'customers') }}
