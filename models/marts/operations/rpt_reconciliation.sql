-- What became of the money of every file: what it holds, what of that a mart does
-- not have and why, and what the mart has of it. The remainder is zero.
-- Grain: one row per file, table, currency and measure.
{{ config(materialized='view') }}

with

parts as (

    {{ reconciled(
        'crm', 'opportunities', 'int_opportunities__versioned',
        'fct_opportunities', 'states.currency_code', {
            'amount': [
                'case when staged.given_amount is not null '
                ~ 'then states.amount_minor end',
                'mart.amount_minor', "'worked_out'",
            ],
        }
    ) }}
    union all
    {{ reconciled(
        'sales', 'transactions', 'int_sales__versioned', 'fct_sales',
        'cast(null as text)', {
            'total_cost': [
                'staged.total_cost_cents', 'mart.total_cost_cents',
                "'worked_out'",
            ],
        }, left_out='repeated', shown_currency=none
    ) }}
    union all
    {{ reconciled(
        'commerce', 'order_lines', 'int_order_lines__versioned',
        'fct_order_lines', 'states.currency', {
            'gross_amount': [
                'staged.gross_amount_minor', 'mart.gross_minor',
                "'worked_out'",
            ],
            'line_amount': [
                'staged.line_amount_minor', 'mart.net_minor', "'worked_out'",
            ],
            'tax': ['staged.tax_minor', 'mart.tax_minor', "'worked_out'"],
            'order_total': [
                'staged.order_total_minor', 'mart.order_total_minor',
                "case when mart.order_total_minor is null then 'repeated' "
                ~ "else 'worked_out' end",
            ],
            'order_tax': [
                'staged.order_tax_minor', 'mart.order_tax_minor',
                "case when mart.order_tax_minor is null then 'repeated' "
                ~ "else 'worked_out' end",
            ],
            'order_shipping': [
                'staged.order_shipping_minor', 'mart.order_shipping_minor',
                "case when mart.order_shipping_minor is null then 'repeated' "
                ~ "else 'worked_out' end",
            ],
            'refunded_amount': [
                'staged.refunded_amount_minor', 'mart.refunded_minor',
                "case when mart.refunded_minor is null then 'repeated' "
                ~ "else 'worked_out' end",
            ],
        }
    ) }}
    union all
    {{ reconciled(
        'commerce', 'payments', 'int_payments__versioned', 'fct_payments',
        'states.currency', {
            'amount': [
                'staged.amount_minor',
                'case when mart.is_money then mart.amount_minor end',
                "case when mart.is_money then 'sign' else 'no_money' end",
            ],
            'refunded_amount': [
                'staged.refunded_amount_minor',
                'case when mart.is_money then mart.refunded_minor end',
                "case when mart.is_money then 'worked_out' else 'no_money' end",
            ],
        }
    ) }}
    union all
    {{ reconciled(
        'commerce', 'payments', 'int_payments__versioned', 'fct_payments',
        'coalesce(states.converted_currency, states.currency)', {
            'fee': [
                'staged.fee_minor',
                'case when mart.is_money then mart.fee_minor end',
                "case when mart.is_money then 'sign' else 'no_money' end",
            ],
        }, shown_currency='mart.fee_currency_code'
    ) }}
    union all
    {{ reconciled(
        'commerce', 'balance_entries', 'int_balance_entries__versioned',
        'fct_balance_entries', 'states.currency', {
            'amount': [
                'staged.amount_minor', 'mart.amount_minor', "'worked_out'",
            ],
            'fee': ['staged.fee_minor', 'mart.fee_minor', "'worked_out'"],
            'net': ['staged.net_minor', 'mart.net_minor', "'worked_out'"],
            'total': ['staged.total_minor', 'mart.total_minor', "'worked_out'"],
        }
    ) }}
    union all
    {{ reconciled(
        'commerce', 'subscriptions', 'int_subscriptions__versioned',
        'dim_subscriptions', 'states.currency', {
            'amount': [
                'staged.amount_minor', 'mart.amount_minor', "'worked_out'",
            ],
        }
    ) }}

),

summed as (

    select
        file_id,
        source_name,
        table_name,
        measure,
        currency_code,
        cast(sum(value_count) as bigint) as value_count,
        {%- for name in ['file'] + reconciled_reasons() + ['mart'] %}
        cast(sum({{ name }}_minor) as bigint) as {{ name }}_minor
        {{- ',' if not loop.last }}
        {%- endfor %}
    from parts
    group by file_id, source_name, table_name, measure, currency_code

),

final as (

    select
        files.file_name,
        summed.*,
        summed.file_minor - summed.mart_minor
        {%- for name in reconciled_reasons() %}
        - summed.{{ name }}_minor
        {%- endfor %} as remainder_minor
    from summed
    inner join {{ ref('fct_ingest_files') }} as files
        on summed.file_id = files.file_id
    where summed.value_count > 0 or summed.mart_minor <> 0

)

select * from final
