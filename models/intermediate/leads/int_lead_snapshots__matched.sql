-- Leads of every day with their state, with what is repaired, and matched to
-- the backend: by e-mail and by telephone, each a lookup of its own, so that no
-- row is doubled. Where the two name different leads, the e-mail's counts.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='_row_id',
    indexes=[
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['row_status', 'lead_number', 'snapshot_date']},
        {'columns': [
            'lead_uuid', 'row_status', 'snapshot_date', 'lead_number',
        ]},
        {'columns': ['latest_file_id']},
        {'columns': ['snapshot_date', 'row_status']},
    ],
) }}
{%- set snapshots = ref('stg_leads__snapshots') %}
{%- set keys = ref('int_leads__match_keys') %}

with

files as (

    select * from {{ ref('int_leads__files') }}

),

codes as (

    select * from {{ ref('int_leads__codes') }}

),

dispositions as (

    select * from {{ ref('lead_dispositions') }}

),

touched as (

    select * from {{ snapshots }}
    where {{ watermark() }} < 0
    union all
    select * from {{ snapshots }}
    where
        {{ watermark() }} >= 0
        and _row_id in (
            select listed._row_id
            from files
            inner join {{ snapshots }} as listed
                on files.file_id = listed._file_id
            where files.latest_file_id > {{ watermark() }}
            {%- for kind in ['email', 'phone'] %}
            union
            select hashed._row_id
            from {{ keys }} as keys
            inner join {{ snapshots }} as hashed
                on keys.match_hash = hashed.{{ kind }}_hash
            where
                keys.match_kind = '{{ kind }}'
                and keys.latest_file_id > {{ watermark() }}
            {%- endfor %}
        )

),

in_error as (

    {{ rows_in_error(ref('int_leads__row_findings'), 'snapshots') }}

),

repeated as (

    select
        _file_id,
        record_id as lead_number,
        max(_row_id) as last_row_id
    from {{ ref('int_leads__row_findings') }}
    where table_name = 'snapshots' and rule = 'id_repeated_in_file'
    group by _file_id, record_id

),

resolved as (

    select
        touched.lead_number,
        files.snapshot_date,
        files.extraction_date,

        ---------- the match
        coalesce(by_email.lead_uuid, by_phone.lead_uuid) as lead_uuid,
        case
            when by_email.lead_uuid <> by_phone.lead_uuid
                then by_phone.lead_uuid
        end as phone_lead_uuid,
        by_email.lead_uuid is not null as is_email_match,
        by_phone.lead_uuid is not null as is_phone_match,
        case
            when by_email.lead_uuid = by_phone.lead_uuid then 'both'
            when by_email.lead_uuid <> by_phone.lead_uuid then 'conflict'
            when by_email.lead_uuid is not null then 'email'
            when by_phone.lead_uuid is not null then 'phone'
            else 'none'
        end as match_type,

        ---------- the lead
        touched.email_hash,
        touched.phone_hash,
        touched.city,
        coalesce(given.code, located.code, by_zip.code) as state,
        case
            when given.code is not null then 'given'
            when located.code is not null then 'location'
            when by_zip.code is not null then 'zip'
        end as state_origin,
        touched.zip,
        touched.entry_date,
        touched.appointment_at,
        touched.is_set,
        case
            when files.is_set_at_fault
                then touched.appointment_at is not null
            else touched.is_set
        end as is_set_repaired,
        touched.is_demo,
        dispositions.disposition,
        dispositions.disposition_group,
        coalesce(dispositions.is_sold = 1, false) as is_sold,
        touched.job_status,
        touched.source_state,
        touched.source_location,
        touched.source_disposition,

        ---------- quality and lineage
        case
            when in_error._row_id is not null then 'error'
            when files.is_replaced then 'superseded'
            when touched._row_id < repeated.last_row_id then 'superseded'
            else 'current'
        end as row_status,
        {{ cleaning.greatest_of([
            'files.latest_file_id',
            'coalesce(by_email.latest_file_id, 0)',
            'coalesce(by_phone.latest_file_id, 0)',
        ]) }} as latest_file_id,
        touched._row_id,
        touched._file_id,
        touched._record,
        touched._line
    from touched
    inner join files on touched._file_id = files.file_id
    left join in_error on touched._row_id = in_error._row_id
    left join repeated
        on
            touched._file_id = repeated._file_id
            and touched.lead_number = repeated.lead_number
    left join {{ keys }} as by_email
        on
            touched.email_hash = by_email.match_hash
            and by_email.match_kind = 'email'
    left join {{ keys }} as by_phone
        on
            touched.phone_hash = by_phone.match_hash
            and by_phone.match_kind = 'phone'
    left join codes as given
        on
            {{ cleaning.lower_text(
                'touched.source_state'
            ) }} = given.source_value
            and given.lookup = 'state'
    left join codes as located
        on
            {{ cleaning.lower_text(
                'touched.location_state'
            ) }} = located.source_value
            and located.lookup = 'state'
    left join codes as by_zip
        on
            substr(touched.zip, 1, 3) = by_zip.source_value
            and by_zip.lookup = 'zip_prefix'
    left join codes as disposed
        on
            {{ cleaning.code_key('touched.source_disposition') }}
            = disposed.source_value
            and disposed.lookup = 'disposition'
    left join dispositions on disposed.code = dispositions.disposition

),

final as (

    select
        {% for repaired in ['', '_repaired'] -%}
        case
            when is_set{{ repaired }} and is_demo then 'High'
            when is_set{{ repaired }} or is_demo then 'Medium'
            else 'Low'
        end as lead_quality_flag{{ repaired }},
        {% endfor -%}
        *
    from resolved

)

select * from final
