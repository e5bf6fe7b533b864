-- Delivered order lines with the version of the line that each stands for. What had
-- been given back while its order was in another state is not known in this one.
-- Grain: one row per record landed.
{%- set is_other = of_other_state(
    'coalesce(payment_status_then, status_then)',
    'coalesce(payment_status, status)'
) %}
{{ table_versions(
    'commerce', 'order_lines', record_columns('commerce', 'order_lines'),
    shown={
        'refunded_amount_minor':
            'case when not ' ~ is_other ~ ' then refunded_amount_minor end',
    },
    alongside={
        'payment_status_then': ['payment_status', 'refunded_amount'],
        'status_then': ['status', 'refunded_amount'],
    },
) }}
