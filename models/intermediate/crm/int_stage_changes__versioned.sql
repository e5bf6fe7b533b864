{{ table_versions('crm', 'stage_changes') }}
