-- Pipelines that deals are or were in. One that the system has deleted keeps
-- its name.
-- Grain: one row per pipeline.
with

seen as (

    select
        pipeline_id,
        min(_row_id) as _row_id
    from {{ ref('int_deal_stages__seen') }}
    group by pipeline_id

),

rows_seen as (

    select distinct
        pipeline_id,
        source_pipeline,
        _row_id,
        _file_id
    from {{ ref('int_deal_stages__seen') }}

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

final as (

    select
        seen.pipeline_id,
        coalesce(max(rows_seen.source_pipeline), 'default') as pipeline_name,
        files.source_name,
        files.instance_name,
        seen._row_id,
        files.file_id as _file_id
    from seen
    inner join rows_seen
        on
            seen.pipeline_id = rows_seen.pipeline_id
            and seen._row_id = rows_seen._row_id
    left join files on rows_seen._file_id = files.file_id
    group by
        seen.pipeline_id,
        files.source_name,
        files.instance_name,
        seen._row_id,
        files.file_id

)

select * from final
