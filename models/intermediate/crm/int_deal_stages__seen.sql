-- Stages of deals as delivered, with what the system says of deals in them by
-- flags, status and probability. Kept are distinct sayings, each with the file
-- that had it first.
-- Grain: one row per stage of a pipeline and saying.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='seen_key',
    merge_exclude_columns=[
        'source_pipeline', 'source_stage', 'first_file_id', '_row_id',
        '_file_id',
    ],
    contract={'enforced': true},
    on_schema_change='fail',
) }}

with

deals as (

    select
        {{ pipeline_reference('id_scope', 'pipeline_key') }} as pipeline_id,
        {{ stage_reference('id_scope', 'pipeline_key', 'source_stage') }}
            as stage_id,
        source_pipeline,
        source_stage,
        case
            when is_marked_won then 'won'
            when is_marked_won is not null and is_marked_closed then 'lost'
            when is_marked_won is not null and not is_marked_closed then 'open'
        end as flags,
        {{ deal_status('source_status') }} as status,
        {{ rounded('probability') }} as percent,
        _row_id,
        _file_id
    from {{ ref('stg_crm__opportunities') }}
    where _file_id > {{ watermark() }}

),

final as (

    select
        {{ json_array_text(
            ['pipeline_id', 'stage_id', 'flags', 'status', 'percent']
        ) }} as seen_key,
        pipeline_id,
        stage_id,
        min(source_pipeline) as source_pipeline,
        min(source_stage) as source_stage,
        flags,
        status,
        percent,
        min(_file_id) as first_file_id,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from deals
    group by pipeline_id, stage_id, flags, status, percent

)

select * from final
