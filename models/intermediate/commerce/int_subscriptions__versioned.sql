{{ table_versions(
    'commerce', 'subscriptions', record_columns('commerce', 'subscriptions')
) }}
