{{ table_versions('marketing', 'list_members') }}
