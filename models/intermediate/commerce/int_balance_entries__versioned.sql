{{ table_versions(
    'commerce', 'balance_entries', record_columns('commerce', 'balance_entries')
) }}
