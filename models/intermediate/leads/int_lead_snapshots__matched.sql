-- Leads of every day with their state, with what is repaired, and matched to the
-- backend: by e-mail and by telephone, each a lookup of its own, so that no row
-- is doubled. Where the two name different leads, the e-mail's counts.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='_row_id',
    indexes=[
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['row_status', 'lead_number', 'snapshot_date']},
        {'columns': ['lead_uuid', 'row_status', 'snapshot_date', 'lead_number']},
        {'columns': ['latest_file_id']},
        {'columns': ['snapshot_date', 'row_status']},
    ],
) }}
{%- set snapshots = ref('stg_leads__snapshots') %}
{%- set keys = ref('int_leads__match_keys') %}

with

files as (

    -- a day that is delivered again replaces what came before
    select
        file_id,
        delivered_at,
        max(file_id) over (partition by delivered_at) as newest_file_id
    from {{ ref('stg_ingest__files') }}
    where
        source_name = 'leads'
        and table_name = 'snapshots'
        and status = 'landed'

),

set_faults as (

    select
        _file_id,
        max(latest_file_id) as latest_file_id
    from {{ ref('int_leads__file_faults') }}
    where
        column_name = 'is_set'
        and rule in ('column_constant', 'column_went_empty')
    group by _file_id

),

touched as (

    select * from {{ snapshots }}
    where {{ watermark() }} < 0
    union all
    select * from {{ snapshots }}
    where
        {{ watermark() }} >= 0
        and _row_id in (
            select newer._row_id from {{ snapshots }} as newer
            where newer._file_id > {{ watermark() }}
            union
            select replaced._row_id from {{ snapshots }} as replaced
            where
                replaced._file_id in (
                    select files.file_id from files
                    where files.newest_file_id > {{ watermark() }}
                    union
                    select set_faults._file_id from set_faults
                    where set_faults.latest_file_id > {{ watermark() }}
                )
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

extractions as (

    select
        _file_id,
        largest_value as extraction_date
    from {{ ref('int_leads__file_profiles') }}
    where column_name = 'entry_date'

),

states as (

    select
        lower(state) as spelling,
        state
    from {{ ref('us_states') }}
    union all
    select
        lower(state_name) as spelling,
        state
    from {{ ref('us_states') }}

),

zip_prefixes as (

    select * from {{ ref('us_zip_prefixes') }}

),

dispositions as (

    select
        {{ code_key('disposition') }} as spelling,
        disposition,
        disposition_group,
        is_sold
    from {{ ref('lead_dispositions') }}
    {{ computed_once() }}

),

resolved as (

    select
        touched.lead_number,
        substr(touched._delivered_at, 1, 10) as snapshot_date,
        extractions.extraction_date,

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
        coalesce(given.state, located.state, zip_prefixes.state) as state,
        case
            when given.state is not null then 'given'
            when located.state is not null then 'location'
            when zip_prefixes.state is not null then 'zip'
        end as state_origin,
        touched.zip,
        touched.entry_date,
        touched.appointment_at,
        touched.is_set,
        case
            when set_faults._file_id is not null
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
            when touched._file_id < files.newest_file_id then 'superseded'
            when touched._row_id < repeated.last_row_id then 'superseded'
            else 'current'
        end as row_status,
        {{ greatest_of([
            'files.newest_file_id',
            'coalesce(set_faults.latest_file_id, 0)',
            'coalesce(by_email.latest_file_id, 0)',
            'coalesce(by_phone.latest_file_id, 0)',
        ]) }} as latest_file_id,
        touched._row_id,
        touched._file_id,
        touched._record,
        touched._line
    from touched
    inner join files on touched._file_id = files.file_id
    left join set_faults on touched._file_id = set_faults._file_id
    left join in_error on touched._row_id = in_error._row_id
    left join repeated
        on
            touched._file_id = repeated._file_id
            and touched.lead_number = repeated.lead_number
    left join extractions on touched._file_id = extractions._file_id
    left join {{ keys }} as by_email
        on
            touched.email_hash = by_email.match_hash
            and by_email.match_kind = 'email'
    left join {{ keys }} as by_phone
        on
            touched.phone_hash = by_phone.match_hash
            and by_phone.match_kind = 'phone'
    left join states as given on lower(touched.source_state) = given.spelling
    left join states as located
        on lower(touched.location_state) = located.spelling
    left join zip_prefixes
        on substr(touched.zip, 1, 3) = zip_prefixes.zip_prefix
    left join dispositions
        on {{ code_key('touched.source_disposition') }} = dispositions.spelling

),

final as (

    select
        resolved.*,
        {%- for repaired in ['', '_repaired'] %}
        case
            when is_set{{ repaired }} and is_demo then 'High'
            when is_set{{ repaired }} or is_demo then 'Medium'
            else 'Low'
        end as lead_quality_flag{{ repaired }}{{ ',' if not loop.last }}
        {%- endfor %}
    from resolved

)

select * from final
