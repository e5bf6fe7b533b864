{{ table_versions('marketing', 'form_leads') }}
