{{ table_versions('commerce', 'order_lines') }}
