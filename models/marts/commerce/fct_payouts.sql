-- What was paid out to us: as the system says, else what it booked for the
-- payout, else what of its payments was left. Beside it, what it consists of.
-- Grain: one row per payout and currency.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='payout_id',
    indexes=[
        {'columns': ['payout_id']},
        {'columns': ['paid_at']},
    ],
) }}
{%- set entries = ref('fct_balance_entries') %}
{%- set payments = ref('fct_payments') %}
{%- set measures = [
    'stated_minor', 'booked_minor', 'entries_minor', 'payments_minor',
    'charges_minor', 'refunds_minor', 'fees_minor', 'entry_count',
] %}

with

payouts as (

    {% for relation in [entries, payments] -%}
    {{ 'union' if not loop.first }}
    select payout_id from {{ relation }}
    where latest_file_id > {{ watermark() }} and payout_id is not null
    {% endfor %}

),

overlapping as (

    {{ overlapping_reports() }}

),

booked as (

    select
        entries.*,
        coalesce(
            entries.net_minor,
            entries.amount_minor + coalesce(entries.fee_minor, 0)
            + coalesce(entries.other_minor, 0),
            coalesce(entries.fee_minor, 0) + coalesce(entries.other_minor, 0)
        ) as effect_minor
    from {{ entries }} as entries
    inner join {{ ref('stg_ingest__files') }} as files
        on entries._file_id = files.file_id
    left join overlapping
        on
            entries.payout_id = overlapping.payout_id
            and files.shape_name = overlapping.shape_name
    where
        entries.payout_id in (select payouts.payout_id from payouts)
        and overlapping.payout_id is null

),

-- withdrawals have no identifier but their own
withdrawn as (

    select *
    from (
        select
            *,
            {{ cleaning.lower_text('source_kind') }} as lower_kind
        from {{ payments }}
        where
            payment_kind = 'transfer'
            and amount_minor < 0
            and latest_file_id > {{ watermark() }}
        {{ cleaning.computed_once() }}
    ) as transfers
    where {{ kind_says('lower_kind', 'payout') }}

),

parts as (

    select
        payout_id,
        currency_code,
        total_minor as stated_minor,
        case when total_minor is null then -amount_minor end as booked_minor,
        cast(null as bigint) as entries_minor,
        cast(null as bigint) as payments_minor,
        cast(null as bigint) as charges_minor,
        cast(null as bigint) as refunds_minor,
        cast(null as bigint) as fees_minor,
        cast(null as bigint) as entry_count,
        coalesce(available_at, created_at) as paid_at,
        source_status,
        'balance_entries' as source_table,
        latest_file_id,
        _row_id,
        _file_id
    from booked
    where entry_kind = 'payout'

    union all

    select
        payment_id as payout_id,
        currency_code,
        -amount_minor as stated_minor,
        null as booked_minor,
        null as entries_minor,
        null as payments_minor,
        null as charges_minor,
        null as refunds_minor,
        null as fees_minor,
        null as entry_count,
        created_at as paid_at,
        source_status,
        'payments' as source_table,
        latest_file_id,
        _row_id,
        _file_id
    from withdrawn

    union all

    select
        payout_id,
        currency_code,
        null as stated_minor,
        null as booked_minor,
        sum(effect_minor) as entries_minor,
        null as payments_minor,
        sum(case when entry_kind = 'charge' then amount_minor else 0 end)
            as charges_minor,
        sum(
            case
                when entry_kind in ('refund', 'chargeback') then amount_minor
                else 0
            end
        ) as refunds_minor,
        coalesce(sum(cost_minor), 0) as fees_minor,
        count(*) as entry_count,
        max(coalesce(available_at, created_at)) as paid_at,
        null as source_status,
        'balance_entries' as source_table,
        max(latest_file_id) as latest_file_id,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from booked
    where entry_kind <> 'payout'
    group by payout_id, currency_code

    union all

    -- only where the balance is not delivered
    select
        payout_id,
        coalesce(converted_currency_code, currency_code) as currency_code,
        null as stated_minor,
        null as booked_minor,
        null as entries_minor,
        sum(
            coalesce(
                net_minor,
                coalesce(converted_minor, amount_minor)
                - coalesce(fee_minor, 0)
            )
        ) as payments_minor,
        sum(
            case
                when payment_kind = 'payment'
                    then coalesce(converted_minor, amount_minor)
                else 0
            end
        ) as charges_minor,
        sum(
            case
                when payment_kind in ('refund', 'chargeback')
                    then coalesce(converted_minor, amount_minor)
                else 0
            end
        ) as refunds_minor,
        sum(
            coalesce(fee_minor, 0)
            - case when payment_kind = 'fee' then amount_minor else 0 end
        ) as fees_minor,
        count(*) as entry_count,
        max(created_at) as paid_at,
        null as source_status,
        'payments' as source_table,
        max(latest_file_id) as latest_file_id,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from {{ payments }}
    where
        payout_id in (select payouts.payout_id from payouts)
        and payout_id not in (select booked.payout_id from booked)
        and is_money
    group by payout_id, coalesce(converted_currency_code, currency_code)

),

-- where it is known, when and by which record
placed as (

    select
        *,
        row_number() over (
            partition by payout_id, currency_code
            order by
                case
                    when stated_minor is not null then 1
                    when booked_minor is not null then 2
                    else 3
                end,
                latest_file_id desc,
                _row_id desc
        ) as place
    from parts

),

grouped as (

    select
        payout_id,
        currency_code,
        {%- for measure in measures %}
        {{ 'max' if measure == 'stated_minor' else 'sum' }}({{ measure }})
            as {{ measure }},
        {%- endfor %}
        {%- for column in [
            'paid_at', 'source_status', 'source_table', '_row_id', '_file_id',
        ] %}
        max(case when place = 1 then {{ column }} end) as {{ column }},
        {%- endfor %}
        max(latest_file_id) as latest_file_id
    from placed
    group by payout_id, currency_code

),

explained as (

    select
        payout_id || coalesce(':' || currency_code, '') as payout_key,
        payout_id,
        currency_code,
        coalesce(stated_minor, booked_minor, entries_minor, payments_minor)
            as amount_minor,
        case
            when stated_minor is not null then 'payout'
            when booked_minor is not null then 'balance'
            when entries_minor is not null then 'entries'
            else 'payments'
        end as evidence,
        paid_at,
        coalesce({{ cleaning.lower_text('source_status') }}, '') not in (
            'failed', 'canceled', 'cancelled', 'returned', 'denied', 'reversed',
            'abgelehnt', 'fehlgeschlagen', 'storniert'
        ) as is_paid,
        source_status,
        charges_minor,
        refunds_minor,
        fees_minor,
        coalesce(entries_minor, payments_minor) - charges_minor - refunds_minor
        + fees_minor as other_minor,
        coalesce(stated_minor, booked_minor) - entries_minor
            as unexplained_minor,
        entry_count,
        source_table,
        latest_file_id,
        _row_id,
        _file_id
    from grouped

),

final as (

    select
        *,
        {{ main_units('amount_minor', 'currency_code') }} as amount,
        {{ main_units('fees_minor', 'currency_code') }} as fees
    from explained

)

select * from final
