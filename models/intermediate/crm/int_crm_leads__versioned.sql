{{ table_versions('crm', 'leads') }}
