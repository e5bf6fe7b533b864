-- Movements of accounts as last delivered. The row of a whole payout is marked:
-- its total is the sum of the others.
-- Grain: one row per amount or entry.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='entry_id',
    post_hook="{{ drop_gone(ref('int_balance_entries__versioned'), 'entry_key', 'entry_id') }}",
    indexes=[
        {'columns': ['created_at']},
        {'columns': ['payout_id']},
        {'columns': ['entry_kind']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

entries as (

    {{ touched_states(ref('int_balance_entries__versioned'), 'entry_key') }}

),

kinds as (

    select
        *,
        {{ entry_kind() }} as entry_kind,
        coalesce(lower_part = 'total', false) as is_left_over,
        coalesce(fee_minor, 0) + coalesce(order_fee_minor, 0)
        + coalesce(other_fee_minor, 0) as fees_minor
    from (
        select
            *,
            coalesce({{ cleaning.lower_text('kind') }}, '') as lower_kind,
            {{ cleaning.lower_text('part') }} as lower_part,
            {{ cleaning.lower_text('detail') }} as lower_detail
        from entries
        {{ cleaning.computed_once() }}
    ) as lowered

),

-- where the amount is what was left, fees had been taken from more
judged as (

    select
        *,
        case
            when is_left_over then amount_minor
            else net_minor
        end as left_minor,
        case
            when is_left_over and entry_kind <> 'fee'
                then amount_minor - fees_minor
            else amount_minor
        end as gross_minor
    from kinds

),

final as (

    select
        entry_key as entry_id,
        case
            when entry_kind <> 'payout' then payout_id
            when total_minor is not null then coalesce(payout_id, entry_key)
            else coalesce(source_id, payout_id, entry_key)
        end as payout_id,
        source_id,
        payment_id,
        order_id,
        customer_id,
        created_at,
        available_at,
        total_minor is not null as is_payout_total,
        entry_kind,
        kind as source_kind,
        part as source_part,
        detail as source_detail,
        status as source_status,
        sku,
        quantity,
        currency as currency_code,
        gross_minor as amount_minor,
        fee_minor,
        left_minor as net_minor,
        -- a row of an old settlement has several amounts
        nullif(
            coalesce(shipment_fee_minor, 0) + coalesce(order_fee_minor, 0)
            + coalesce(misc_fee_minor, 0) + coalesce(other_fee_minor, 0)
            + coalesce(promotion_minor, 0) + coalesce(direct_payment_minor, 0)
            + coalesce(other_amount_minor, 0), 0
        ) as other_minor,
        {{ entry_cost() }} as cost_minor,
        total_minor,
        description,
        channel,
        latest_file_id,
        _row_id,
        _file_id
    from judged
    where not is_gone

)

select * from final
