{{ staged_table('commerce', 'products') }}
