{{ staged_table('crm', 'stage_changes') }}
