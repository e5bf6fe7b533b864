-- Stages of deals as delivered, with what the system says of deals in them by
-- flags, status and probability. Kept are distinct sayings, each with the file
-- that had it first. Of a file without pipelines they are of none: which one a
-- deal is in may be known by another file.
-- Grain: one row per stage of a pipeline and saying.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='seen_key',
    merge_exclude_columns=[
        'source_stage', 'first_file_id', '_row_id',
        '_file_id',
    ],
    contract={'enforced': true},
    on_schema_change='fail',
) }}

with

deals as (

    select
        pipeline_key || ':' || {{ cleaning.code_key('source_stage') }}
            as stage_id,
        {{ stage_reference('id_scope', 'null', 'source_stage') }} as stage_key,
        source_stage,
        case
            when is_marked_won then 'won'
            when is_marked_won is not null and is_marked_closed then 'lost'
            when is_marked_won is not null and not is_marked_closed then 'open'
        end as flags,
        {{ deal_status('source_status') }} as status,
        -- that of a deal which its status ends says nothing of the stage
        case
            when coalesce({{ deal_status('source_status') }}, 'open') = 'open'
                then {{ rounded('probability') }}
        end as percent,
        _row_id,
        _file_id
    from {{ ref('stg_crm__opportunities') }}
    where _file_id > {{ watermark() }}

),

final as (

    select
        {{ json_array_text(
            ['stage_id', 'stage_key', 'flags', 'status', 'percent']
        ) }} as seen_key,
        stage_id,
        stage_key,
        min(source_stage) as source_stage,
        flags,
        status,
        percent,
        min(_file_id) as first_file_id,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from deals
    where stage_key is not null
    group by stage_id, stage_key, flags, status, percent

)

select * from final
