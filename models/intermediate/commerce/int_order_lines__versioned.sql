-- Delivered order lines with the version of the line that each belongs to.
-- Grain: one row per record landed.
{{ table_versions(
    'commerce', 'order_lines', record_columns('commerce', 'order_lines'),
    shown={
        'refunded_amount_minor': refunded_since(
            'refunded_amount_minor', 'coalesce(payment_status_then, status_then)',
            'coalesce(payment_status, status)',
            order_says_refunded('payment_status', 'status')
        ),
    },
    alongside={
        'payment_status_then': ['payment_status', 'refunded_amount'],
        'status_then': ['status', 'refunded_amount'],
    },
) }}
