-- What is wrong with what shop and payment systems deliver.
-- Grain: one row per record, rule and column.
{%- set subscriptions = ref('int_subscriptions__versioned') %}
{%- set orders = ref('fct_orders') %}
{%- set current = "row_status = 'current'" %}
{{ source_findings('commerce', [
    unknown_words(
        'code_unknown', 'subscriptions', subscriptions, 'subscription_key',
        'status', 'status', ref('subscription_states'), ['source_status'],
        current
    ),
    unknown_words(
        'interval_unknown', 'subscriptions', subscriptions, 'subscription_key',
        'billing_interval', 'billing_interval', ref('billing_intervals'),
        ['billing_interval'], current
    ),
    unknown_words(
        'coupon_unknown', 'subscriptions', subscriptions, 'subscription_key',
        'coupon', 'coupon', ref('coupons'), ['coupon'], current
    ),
    unknown_words(
        'code_unknown', 'order_lines', orders, 'order_id', 'payment_status',
        'source_payment_status', ref('order_states'),
        ['source_status', "known.told_by = 'payment'"]
    ),
    unknown_words(
        'code_unknown', 'order_lines', orders, 'order_id', 'status',
        'source_status', ref('order_states'),
        ['source_status', "known.told_by = 'order'"],
        'source_payment_status is null'
    ),
    unknown_words(
        'code_unknown', 'payments', ref('fct_payments'), 'payment_id', 'status',
        'source_status', ref('payment_states'), ['source_status']
    ),
]) }}
