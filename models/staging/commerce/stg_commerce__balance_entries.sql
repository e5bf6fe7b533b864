{{ staged_table('commerce', 'balance_entries') }}
