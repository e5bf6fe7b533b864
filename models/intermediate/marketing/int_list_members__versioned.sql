{{ table_versions(
    'marketing', 'list_members', record_columns('marketing', 'list_members')
) }}
