{{ staged_records('marketing', 'campaigns') }}
