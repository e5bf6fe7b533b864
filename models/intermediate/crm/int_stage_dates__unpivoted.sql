-- When deals entered their stages, as columns of the deals' own file say: of a
-- header such as `Date entered 'Proposal (Sales Pipeline)'` the stage and the
-- pipeline. A header may bring a stage by its internal name.
-- Grain: one row per delivered opportunity and such column.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['opportunity_id']}],
) }}
{%- set written = source_settings('crm', 'opportunities') %}

with

dated as (

    select
        deals.opportunity_id,
        deals.source_stage as record_stage,
        dates.key as header,
        dates.value as given_at,
        deals._row_id,
        deals._file_id
    from {{ ref('stg_crm__opportunities') }} as deals
    {{ json_members('deals.stage_dates', 'dates') }}
    where
        deals.stage_dates is not null
        and deals.opportunity_id is not null
        and deals._file_id > {{ watermark() }}

),

named as (

    select
        *,
        {{ stage_dates__is_last('header') }} as is_last,
        case
            when lower(header) like 'date entered %'
                then trim(substr(header, 14), ' ''"“”‘’„‚«»')
        end as label,
        replace(
            replace(header, 'hs_v2_date_entered_', ''), 'hs_date_entered_', ''
        ) as internal_name
    from dated

),

parted as (

    select
        *,
        -- up to the last bracket
        case
            when label like '%_ (%)'
                then rtrim(label, replace(label, '(', ''))
        end as before_pipeline
    from named
    {{ cleaning.computed_once() }}

),

read as (

    {{ cleaning.read_columns('parted', {
        'entered_mdy': ['parse_timestamp', 'given_at', written.time_zone, 'mdy'],
        'entered_dmy': ['parse_timestamp', 'given_at', written.time_zone, 'dmy'],
    }) }}

),

final as (

    select
        opportunity_id,
        header,
        case
            when is_last then record_stage
            when before_pipeline is not null
                then rtrim(before_pipeline, ' (')
            else coalesce(label, internal_name)
        end as source_stage,
        case
            when before_pipeline is not null
                then rtrim(substr(label, length(before_pipeline) + 1), ')')
        end as source_pipeline,
        -- what could be read both ways is no evidence
        case
            when entered_mdy is null then entered_dmy
            when entered_dmy is null or entered_dmy = entered_mdy
                then entered_mdy
        end as entered_at,
        _row_id,
        _file_id
    from read

)

select * from final
where entered_at is not null and source_stage is not null
