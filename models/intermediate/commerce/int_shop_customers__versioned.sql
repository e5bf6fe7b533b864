{{ table_versions(
    'commerce', 'customers', record_columns('commerce', 'customers')
) }}
