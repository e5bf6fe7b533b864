-- The stages of pipelines that deals are or were in, and pipelines of deals
-- without a stage, each at its first record.
-- Grain: one row per pipeline and stage.
{%- set deals = ref('int_opportunities__versioned') %}

with

firsts as (

    select min(_row_id) as first_row_id
    from {{ deals }}
    where
        stage_id is not null
        and row_status in ('current', 'superseded', 'unchanged')
        and _row_id > 0
    group by stage_id

    union all

    select min(_row_id) as first_row_id
    from {{ deals }}
    where
        stage_id is null
        and row_status in ('current', 'superseded', 'unchanged')
        and _row_id > 0
    group by pipeline_id

),

final as (

    select
        deals.pipeline_id,
        deals.stage_id,
        {{ stage_reference('deals.id_scope', 'null', 'deals.source_stage') }}
            as stage_key,
        deals.source_pipeline,
        deals.source_stage,
        deals._row_id,
        deals._file_id
    from firsts
    inner join {{ deals }} as deals on firsts.first_row_id = deals._row_id

)

select * from final
