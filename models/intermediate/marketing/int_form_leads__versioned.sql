{{ table_versions(
    'marketing', 'form_leads', record_columns('marketing', 'form_leads')
) }}
