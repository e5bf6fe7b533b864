{{ staged_records('commerce', 'subscriptions') }}
