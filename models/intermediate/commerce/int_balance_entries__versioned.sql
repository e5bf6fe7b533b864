{{ table_versions('commerce', 'balance_entries') }}
