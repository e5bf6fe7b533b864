{{ staged_records('commerce', 'customers') }}
