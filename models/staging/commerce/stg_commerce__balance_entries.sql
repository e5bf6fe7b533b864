{{ staged_records('commerce', 'balance_entries') }}
