-- Delivered payments with the version of the payment that each belongs to.
-- Grain: one row per record landed.
{%- set since = ['status_then', 'status', says_refunded('status')] %}
{{ table_versions(
    'commerce', 'payments', record_columns('commerce', 'payments'),
    shown={
        'refunded_amount_minor': refunded_since('refunded_amount_minor', *since),
        'converted_refunded_minor':
            refunded_since('converted_refunded_minor', *since),
    },
    alongside={'status_then': ['status', 'refunded_amount']},
) }}
