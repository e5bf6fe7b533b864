{{ staged_records('commerce', 'order_lines') }}
