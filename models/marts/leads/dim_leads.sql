-- Leads of the backend, with what the daily lists say of them last.
-- Grain: one row per lead of the backend.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='lead_uuid',
    indexes=[{'columns': ['state']}],
) }}
{%- set backend = ref('int_backend_leads__versioned') %}
{%- set keys = ref('int_leads__match_keys') %}
{#- What the last list says, or, where it lacks these columns, what lists
    before it say. -#}
{%- set listed = {
    'city': ['city', 'location'],
    'state': ['state', 'location'],
    'zip': ['zip'],
    'entry_date': ['entry_date'],
    'disposition': ['disposition'],
    'disposition_group': ['disposition'],
} %}
{%- set columns = {} %}
{%- for column in listed -%}
{%- do columns.update({column: column}) -%}
{%- endfor %}

with

files as (

    {{ delivered_files(
        'leads', 'snapshots', listed.values() | map('first'), ['location']
    ) }}

),

snapshots as (

    select * from {{ ref('int_lead_snapshots__matched') }}

),

touched as (

    select lead_uuid from {{ backend }}
    where _file_id > {{ watermark() }} and row_status <> 'error'
    union
    select lead_uuid from snapshots
    where latest_file_id > {{ watermark() }} and lead_uuid is not null
    {%- for kind in ['email', 'phone'] %}
    union
    -- leads that a changed hash led to, or would
    select backend.lead_uuid
    from {{ keys }} as keys
    inner join {{ backend }} as backend
        on keys.match_hash = backend.{{ kind }}_hash
    where
        keys.match_kind = '{{ kind }}'
        and keys.latest_file_id > {{ watermark() }}
        and backend.row_status <> 'error'
    {%- endfor %}

),

leads as (

    select * from {{ backend }}
    where
        row_status = 'current'
        and lead_uuid in (select touched.lead_uuid from touched)

),

seen as (

    select
        lead_uuid,
        min(snapshot_date) as first_seen_date,
        max(snapshot_date) as last_seen_date,
        count(distinct lead_number) as lead_number_count
    from snapshots
    where
        row_status = 'current'
        and lead_uuid in (select touched.lead_uuid from touched)
    group by lead_uuid

),

last_rows as (

    select
        snapshots.*,
        row_number() over (
            partition by snapshots.lead_uuid
            order by
                coalesce(snapshots.entry_date, '') desc,
                snapshots._row_id desc
        ) as place
    from seen
    inner join snapshots
        on
            seen.lead_uuid = snapshots.lead_uuid
            and seen.last_seen_date = snapshots.snapshot_date
    where snapshots.row_status = 'current'

),

in_order as (

    select
        snapshots.lead_uuid,
        snapshots._row_id,
        {%- for column, declared in listed.items() %}
        snapshots.{{ column }},
        case
            when
                snapshots.{{ column }} is null
                {%- for name in declared %}
                and files.lacks_{{ name }} = 1
                {%- endfor %}
                then 1
            else 0
        end as lacks_{{ column }},
        {%- endfor %}
        row_number() over (
            partition by snapshots.lead_uuid
            order by
                snapshots.snapshot_date,
                coalesce(snapshots.entry_date, ''),
                snapshots._row_id
        ) as _place
    from snapshots
    left join files on snapshots._file_id = files.file_id
    where
        snapshots.row_status = 'current'
        and snapshots.lead_uuid in (
            select gapped.lead_uuid
            from last_rows as gapped
            inner join files as lacking on gapped._file_id = lacking.file_id
            where gapped.place = 1 and lacking.has_gaps = 1
        )

),

known as (

    {{ carried_forward(
        'in_order', 'lead_uuid', columns, {}, ['lead_uuid', '_row_id']
    ) }}

),

final as (

    select
        leads.lead_uuid,
        last_rows.lead_number,
        {%- for column in listed %}
        coalesce(last_rows.{{ column }}, known.{{ column }}) as {{ column }},
        {%- endfor %}
        coalesce(seen.lead_number_count, 0) as lead_number_count,
        seen.first_seen_date,
        seen.last_seen_date,
        leads.email_hash,
        leads.phone_hash,
        leads._row_id,
        leads._file_id
    from leads
    left join seen on leads.lead_uuid = seen.lead_uuid
    left join last_rows
        on leads.lead_uuid = last_rows.lead_uuid and last_rows.place = 1
    left join known on last_rows._row_id = known._row_id

)

select * from final
