{{ staged_records('commerce', 'products') }}
