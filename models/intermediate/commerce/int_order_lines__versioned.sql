{{ table_versions(
    'commerce', 'order_lines', record_columns('commerce', 'order_lines')
) }}
