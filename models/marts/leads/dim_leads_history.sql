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
{#- A day's value is unknown where it is NULL and the list lacks these
    columns. -#}
{%- set sources = {
    'lead_uuid': ['email_hash'],
    'email_hash': ['email_hash'],
    'phone_hash': ['phone_hash'],
    'city': ['city', 'location'],
    'state': ['state', 'location'],
    'zip': ['zip'],
    'entry_date': ['entry_date'],
    'appointment_at': ['appointment'],
    'is_set_repaired': ['is_set'],
    'is_demo': ['is_demo'],
    'disposition': ['disposition'],
    'disposition_group': ['disposition'],
    'source_disposition': ['disposition'],
    'job_status': ['job_status'],
} %}
{%- set types = {'is_set_repaired': 'boolean', 'is_demo': 'boolean'} %}
{%- set kept = [
    'lead_number', 'snapshot_date', 'row_status', 'latest_file_id', 'is_sold',
    '_row_id', '_file_id',
] %}
{%- set columns = {} %}
{%- for column in sources -%}
{%- do columns.update({column: column}) -%}
{%- endfor %}
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

files as (

    {{ delivered_files(
        'leads', 'snapshots', sources.values() | map('first'), ['location']
    ) }}

),

-- a list that lacks other columns than the one before may say the same and mean
-- something else
days as (

    select
        listed.*,
        {{ json_array_text(state + ['files.gaps']) }} as lead_state
    from {{ snapshots }} as listed
    left join files on listed._file_id = files.file_id
    where
        {{ watermark() }} >= 0
        and listed.latest_file_id > {{ watermark() }}

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
        listed.lead_number,
        listed.snapshot_date,
        {{ json_array_text(state + ['files.gaps']) }} as lead_state
    from {{ snapshots }} as listed
    left join files on listed._file_id = files.file_id
    where
        {{ watermark() }} >= 0
        and listed.row_status = 'current'
        and (listed.lead_number, listed.snapshot_date) in (
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

    {% for _ in range(2) -%}
    {{ 'union all' if not loop.first }}
    select
        _row_id,
        _file_id,
        lead_number,
        row_status,
        snapshot_date,
        latest_file_id,
        {{ json_array_text(state) }} as lead_state
    from {{ snapshots }}
    where
        row_status in ('current', 'superseded')
        {%- if loop.first %}
        and {{ watermark() }} < 0
        {%- else %}
        and {{ watermark() }} >= 0
        and lead_number in (select touched.lead_number from touched)
        {%- endif %}
    {% endfor %}

),

with_gaps as (

    select distinct lead_number from histories
    where
        row_status = 'current'
        and _file_id in (
            select lacking.file_id from files as lacking
            where lacking.has_gaps = 1
        )

),

in_order as (

    select
        {%- for column in sources | list + kept %}
        listed.{{ column }},
        {%- endfor %}
        {%- for column, declared in sources.items() %}
        case
            when
                listed.{{ column }} is null
                {%- for name in declared %}
                and files.lacks_{{ name }} = 1
                {%- endfor %}
                then 1
            else 0
        end as lacks_{{ column }},
        {%- endfor %}
        row_number() over (
            partition by listed.lead_number order by listed.snapshot_date
        ) as _place
    from histories
    inner join {{ snapshots }} as listed on histories._row_id = listed._row_id
    left join files on listed._file_id = files.file_id
    where
        histories.row_status = 'current'
        and histories.lead_number in (
            select gap.lead_number from with_gaps as gap
        )

),

carried as (

    {{ carried_forward('in_order', 'lead_number', columns, types, kept) }}

),

states as (

    select
        _row_id,
        lead_number,
        row_status,
        snapshot_date,
        latest_file_id,
        lead_state
    from histories
    where
        row_status <> 'current'
        or lead_number not in (select gap.lead_number from with_gaps as gap)

    union all

    select
        _row_id,
        lead_number,
        row_status,
        snapshot_date,
        latest_file_id,
        {{ json_array_text(state) }} as lead_state
    from carried
    {{ cleaning.computed_once() }}

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
        {%- for column in sources | list + kept %}
        listed.{{ column }},
        {%- endfor %}
        kept.key_file_id
    from kept
    inner join {{ snapshots }} as listed on kept._row_id = listed._row_id
    where
        not kept.is_replaced
        and listed.lead_number not in (
            select gap.lead_number from with_gaps as gap
        )

    union all

    select
        {%- for column in sources | list + kept %}
        carried.{{ column }},
        {%- endfor %}
        kept.key_file_id
    from kept
    inner join carried on kept._row_id = carried._row_id
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
