{{ table_versions(
    'commerce', 'deal_lines', record_columns('commerce', 'deal_lines')
) }}
