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
    'fees': ['costs', 'charged_at', 'cost_minor', 'true', none],
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

overlapping as (

    {{ overlapping_reports() }}

),

-- fees of payments, what an account booked beyond them, and what was kept of
-- orders without either
of_payments as (

    select
        payment_id,
        order_id,
        created_at as charged_at,
        fee_currency_code as currency_code,
        coalesce(fee_minor, 0)
        - case when payment_kind = 'fee' then amount_minor else 0 end
            as cost_minor
    from {{ ref('fct_payments') }}
    where is_money and (fee_minor is not null or payment_kind = 'fee')

),

of_entries as (

    select
        entries.order_id,
        entries.payout_id,
        entries.is_payout_total,
        coalesce(entries.created_at, entries.available_at) as charged_at,
        entries.currency_code,
        entries.cost_minor
    from {{ ref('fct_balance_entries') }} as entries
    inner join {{ ref('stg_ingest__files') }} as files
        on entries._file_id = files.file_id
    left join overlapping
        on
            entries.payout_id = overlapping.payout_id
            and files.shape_name = overlapping.shape_name
    left join of_payments
        on
            coalesce(
                entries.source_id,
                case
                    when entries.entry_kind = 'charge' then entries.payment_id
                end
            ) = of_payments.payment_id
    where
        entries.cost_minor <> 0
        and overlapping.payout_id is null
        and of_payments.payment_id is null

),

costs as (

    select
        charged_at,
        currency_code,
        cost_minor
    from of_payments

    union all

    -- that of a whole payout, where its entries are not delivered
    select
        charged_at,
        currency_code,
        cost_minor
    from of_entries
    where
        not is_payout_total
        or payout_id is null
        or payout_id not in (
            select single.payout_id
            from {{ ref('fct_balance_entries') }} as single
            where
                single.entry_kind <> 'payout' and single.payout_id is not null
        )

    union all

    select
        ordered_at as charged_at,
        currency_code,
        fee_minor as cost_minor
    from {{ ref('fct_orders') }}
    where
        fee_minor <> 0
        and order_id not in (select reported.order_id from reported)
        and order_id not in (
            select of_payments.order_id from of_payments
            where of_payments.order_id is not null
        )
        and order_id not in (
            select of_entries.order_id from of_entries
            where of_entries.order_id is not null
        )

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
