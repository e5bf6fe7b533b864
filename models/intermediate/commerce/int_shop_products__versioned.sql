{{ table_versions(
    'commerce', 'products', record_columns('commerce', 'products')
) }}
