{{ source_pictures('crm') }}
