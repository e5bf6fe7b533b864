-- What was sold, given back, paid, kept as fees and paid out, month by month.
-- What has no date is in a row without a month.
-- Grain: one row per month and currency.
{%- set measures = {
    'sold': [
        ref('fct_orders'), 'ordered_at', 'total_minor',
        'is_sale and order_id not in (select reported.order_id from reported)',
        'total_reporting_minor',
    ],
    'refunded': [
        ref('fct_refunds'), 'refunded_at', 'amount_minor', 'true',
        'amount_reporting_minor',
    ],
    'refunded_unlinked': [
        ref('fct_refunds'), 'refunded_at', 'amount_minor', 'is_unlinked', none,
    ],
    'paid': [
        ref('fct_payments'), 'created_at', 'amount_minor',
        "payment_kind = 'payment' and payment_id not in ("
        ~ 'select repeated.payment_id from repeated)',
        'amount_reporting_minor',
    ],
    'fees': [ref('int_money__costs'), 'charged_at', 'cost_minor', 'true', none],
    'paid_out': [
        ref('fct_payouts'), 'paid_at', 'amount_minor', 'is_paid', none,
    ],
} %}

with

-- orders that another file reports as well
reported as (

    select order_id from {{ ref('bridge_order_reports') }}
    where evidence <> 'delivered as a sale'

),

repeated as (

    select payment_id from {{ ref('bridge_payment_orders') }}
    where is_repeated

),

parts as (

    {% for measure, given in measures.items() -%}
    {%- set relation, at, amount, condition, reporting = given[:5] -%}
    {%- set currency = given[5] or 'currency_code' -%}
    {%- set left = 'count(' ~ amount ~ ') - count(' ~ (reporting or 0) ~ ')' -%}
    {{ 'union all' if not loop.first }}
    select
        substr({{ at }}, 1, 7) as money_month,
        {{ currency }} as currency_code,
        {{ 'count(*)' if measure == 'sold' else '0' }} as order_count,
        {%- for name in measures %}
        {{ 'sum(' ~ amount ~ ')' if name == measure else '0' }}
            as {{ name }}_minor,
        {%- endfor %}
        {{ 'sum(' ~ reporting ~ ')' if measure == 'sold' else '0' }}
            as sold_reporting_minor,
        {{ left if measure == 'sold' else '0' }} as sold_left_count,
        {{ 'sum(' ~ reporting ~ ')' if measure == 'refunded' else '0' }}
            as refunded_reporting_minor,
        {{ left if measure == 'refunded' else '0' }} as refunded_left_count
    from {{ relation }}
    where {{ condition }}
    group by substr({{ at }}, 1, 7), {{ currency }}
    {% endfor %}

),

summed as (

    select
        money_month,
        currency_code,
        cast(sum(order_count) as bigint) as order_count,
        {%- for name in measures %}
        cast(sum(coalesce({{ name }}_minor, 0)) as bigint) as {{ name }}_minor,
        {%- endfor %}
        -- no sum of a part: one without a rate leaves it open
        case
            when sum(sold_left_count) = 0
                then cast(sum(sold_reporting_minor) as bigint)
        end as sold_reporting_minor,
        case
            when sum(refunded_left_count) = 0
                then cast(sum(refunded_reporting_minor) as bigint)
        end as refunded_reporting_minor
    from parts
    group by money_month, currency_code

),

final as (

    select
        coalesce(money_month, 'undated') || ':' || coalesce(currency_code, '')
            as money_key,
        *,
        {{ main_units('sold_minor', 'currency_code') }} as sold,
        {{ main_units('refunded_minor', 'currency_code') }} as refunded,
        {{ main_units('refunded_unlinked_minor', 'currency_code') }}
            as refunded_unlinked,
        {{ main_units('paid_minor', 'currency_code') }} as paid,
        {{ main_units('fees_minor', 'currency_code') }} as fees,
        {{ main_units('paid_out_minor', 'currency_code') }} as paid_out
    from summed

)

select * from final
