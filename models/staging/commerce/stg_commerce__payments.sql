{{ staged_table('commerce', 'payments') }}
