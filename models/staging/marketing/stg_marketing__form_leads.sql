{{ staged_records('marketing', 'form_leads') }}
