{{ table_versions('commerce', 'products') }}
