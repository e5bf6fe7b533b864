{{ staged_table('commerce', 'subscriptions') }}
