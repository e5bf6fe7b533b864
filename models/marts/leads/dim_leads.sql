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

with

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

final as (

    select
        leads.lead_uuid,
        last_rows.lead_number,
        last_rows.city,
        last_rows.state,
        last_rows.zip,
        last_rows.entry_date,
        last_rows.disposition,
        last_rows.disposition_group,
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

)

select * from final
