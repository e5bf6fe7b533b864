{{ table_versions('crm', 'opportunity_contacts') }}
