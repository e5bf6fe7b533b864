{{ staged_records('commerce', 'deal_lines') }}
