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

named as (

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

),

final as (

    select
        *,
        case
            when count(*) over (partition by pipeline_name) = 1
                then pipeline_name
            else pipeline_name || coalesce(' (' || instance_name || ')', '')
        end as pipeline_label
    from named

)

select * from final
