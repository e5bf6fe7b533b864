{{ staged_records('commerce', 'payments') }}
