{{ table_versions('commerce', 'payments') }}
