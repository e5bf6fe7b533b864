-- What payments, payouts and orders cost, each fee once.
-- Grain: one row per payment, entry of a balance, or order with a fee.
{{ config(materialized='view') }}

with

-- orders that another file reports as well
reported as (

    select order_id from {{ ref('bridge_order_reports') }}
    where evidence <> 'delivered as a sale'

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
        _row_id,
        _file_id,
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
        entries.entry_id,
        entries._row_id,
        entries._file_id,
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

final as (

    select
        'payment' as kind,
        payment_id as source_id,
        charged_at,
        currency_code,
        cost_minor,
        _row_id,
        _file_id
    from of_payments

    union all

    -- that of a whole payout, where its entries are not delivered
    select
        'entry' as kind,
        entry_id as source_id,
        charged_at,
        currency_code,
        cost_minor,
        _row_id,
        _file_id
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
        'order' as kind,
        order_id as source_id,
        ordered_at as charged_at,
        currency_code,
        fee_minor as cost_minor,
        _row_id,
        _file_id
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

)

select * from final
