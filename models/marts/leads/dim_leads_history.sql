-- Leads through time: a slowly changing dimension of type 2. A version begins
-- with a real change: what is repaired counts, and not how a file writes it.
-- Grain: one row per lead number and version.
{#- A day touches the numbers that it changes, and all that it lists if later
    days are known already. -#}
{%- set snapshots = ref('int_lead_snapshots__matched') %}
{%- set state = [
    'email_hash', 'phone_hash', 'city', 'state', 'zip', 'entry_date',
    'appointment_at', 'is_set_repaired', 'is_demo',
    'coalesce(disposition, source_disposition)', 'job_status',
] %}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_number',
    indexes=[
        {'columns': ['state', 'entry_month']},
        {'columns': ['lead_uuid']},
        {'columns': ['latest_file_id']},
        {'columns': ['_row_id']},
        {'columns': ['valid_from', 'version_number']},
    ],
    post_hook="
        delete from {{ this }}
        where
            lead_number in (
                select gone.lead_number
                from {{ ref('int_lead_snapshots__matched') }} as gone
                where gone.row_status = 'superseded'
            )
            and lead_number not in (
                select present.lead_number
                from {{ ref('int_lead_snapshots__matched') }} as present
                where present.row_status = 'current'
            )
    ",
) }}

with

days as (

    select
        *,
        {{ json_array_text(state) }} as lead_state
    from {{ snapshots }}
    where {{ watermark() }} >= 0 and latest_file_id > {{ watermark() }}

),

neighbours as (

    select
        days._row_id,
        (
            select max(earlier.snapshot_date) as snapshot_date
            from {{ snapshots }} as earlier
            where
                earlier.lead_number = days.lead_number
                and earlier.row_status = 'current'
                and earlier.snapshot_date < days.snapshot_date
        ) as previous_date,
        (
            select min(later.snapshot_date) as snapshot_date
            from {{ snapshots }} as later
            where
                later.lead_number = days.lead_number
                and later.row_status = 'current'
                and later.snapshot_date > days.snapshot_date
        ) as next_date
    from days

),

previous as (

    select
        lead_number,
        snapshot_date,
        {{ json_array_text(state) }} as lead_state
    from {{ snapshots }}
    where
        {{ watermark() }} >= 0
        and row_status = 'current'
        and (lead_number, snapshot_date) in (
            select
                days.lead_number,
                neighbours.previous_date
            from days
            inner join neighbours on days._row_id = neighbours._row_id
        )

),

touched as (

    select distinct days.lead_number
    from days
    inner join neighbours on days._row_id = neighbours._row_id
    left join previous
        on
            days.lead_number = previous.lead_number
            and neighbours.previous_date = previous.snapshot_date
    where
        days.row_status = 'superseded'
        or days._file_id <= {{ watermark() }}
        or neighbours.next_date is not null
        or days.lead_state is distinct from previous.lead_state

),

histories as (

    select * from {{ snapshots }}
    where {{ watermark() }} < 0 and row_status in ('current', 'superseded')
    union all
    select * from {{ snapshots }}
    where
        {{ watermark() }} >= 0
        and row_status in ('current', 'superseded')
        and lead_number in (select touched.lead_number from touched)

),

states as (

    select
        _row_id,
        lead_number,
        row_status,
        snapshot_date,
        latest_file_id,
        {{ json_array_text(state) }} as lead_state
    from histories
    {{ computed_once() }}

),

compared as (

    select
        _row_id,
        lead_number,
        row_status = 'superseded' as is_replaced,
        latest_file_id,
        lead_state,
        lag(lead_state) over (
            partition by row_status, lead_number order by snapshot_date
        ) as previous_state
    from states

),

kept as (

    select
        _row_id,
        is_replaced,
        max(latest_file_id) over (partition by lead_number) as key_file_id
    from compared
    where is_replaced or lead_state is distinct from previous_state

),

changes as (

    select
        histories.*,
        kept.key_file_id
    from kept
    inner join {{ snapshots }} as histories on kept._row_id = histories._row_id
    where not kept.is_replaced

),

versions as (

    select
        *,
        row_number() over in_order as version_number,
        lead(snapshot_date) over in_order as valid_to,
        max(case when is_sold then 1 else 0 end) over (
            partition by lead_number order by snapshot_date
            rows unbounded preceding
        ) as was_sold
    from changes
    window in_order as (partition by lead_number order by snapshot_date)

),

final as (

    select
        lead_number,
        version_number,
        snapshot_date as valid_from,
        valid_to,
        valid_to is null as is_current,
        lead_uuid,
        email_hash,
        phone_hash,
        city,
        state,
        zip,
        entry_date,
        substr(entry_date, 1, 7) as entry_month,
        appointment_at,
        is_set_repaired,
        is_demo,
        disposition,
        disposition_group,
        was_sold = 1 as has_been_sold,
        job_status,
        source_disposition,
        key_file_id as latest_file_id,
        _row_id,
        _file_id
    from versions

)

select * from final
