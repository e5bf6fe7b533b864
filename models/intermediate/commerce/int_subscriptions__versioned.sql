{{ table_versions('commerce', 'subscriptions') }}
