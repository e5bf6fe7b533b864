-- Delivered payments with the version of the payment that each stands for. What had
-- been given back while it was in another state is not known in this one.
-- Grain: one row per record landed.
{%- set is_other = of_other_state('status_then', 'status') %}
{{ table_versions(
    'commerce', 'payments', record_columns('commerce', 'payments'),
    shown={
        'refunded_amount_minor':
            'case when not ' ~ is_other ~ ' then refunded_amount_minor end',
        'converted_refunded_minor':
            'case when not ' ~ is_other ~ ' then converted_refunded_minor end',
    },
    alongside={'status_then': ['status', 'refunded_amount']},
) }}
