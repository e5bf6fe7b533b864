{{ table_versions(
    'marketing', 'campaigns', record_columns('marketing', 'campaigns')
) }}
