{{ source_absences('crm') }}
