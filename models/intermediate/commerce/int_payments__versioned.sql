{{ table_versions(
    'commerce', 'payments', record_columns('commerce', 'payments')
) }}
