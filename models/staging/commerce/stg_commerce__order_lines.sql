{{ staged_table('commerce', 'order_lines') }}
