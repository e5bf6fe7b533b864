{{ table_versions('crm', 'owners') }}
