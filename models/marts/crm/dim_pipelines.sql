-- Pipelines that deals are or were in. One that the system has deleted keeps
-- its name.
-- Grain: one row per pipeline.
with

ranked as (

    select
        *,
        row_number() over (partition by pipeline_id order by _row_id) as place
    from {{ ref('int_deal_stages__used') }}

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

final as (

    select
        ranked.pipeline_id,
        coalesce(ranked.source_pipeline, 'default') as pipeline_name,
        files.source_name,
        files.instance_name,
        ranked._row_id,
        ranked._file_id
    from ranked
    left join files on ranked._file_id = files.file_id
    where ranked.place = 1

)

select * from final
