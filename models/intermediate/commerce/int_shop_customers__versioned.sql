{{ table_versions('commerce', 'customers') }}
