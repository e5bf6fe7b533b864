-- How each model and seed was built, beside how it was built before. A view,
-- for a build is logged when it is over.
-- Grain: one row per build and model or seed.
{{ config(materialized='view') }}

with

results as (

    select * from {{ ref('stg_ingest__run_results') }}
    where node_type in ('model', 'seed')

),

final as (

    select
        run_id,
        node_name as model_name,
        batch_id,
        started_at,
        layer,
        domain,
        status,
        is_full_refresh,
        milliseconds,
        row_count,
        message,

        ---------- compared with the builds before it
        {% set good = "case when status = 'success' then milliseconds end" -%}
        {{ whole_quotient(
            'cast(sum(' ~ good ~ ') over last_runs as bigint)',
            'nullif(count(' ~ good ~ ') over last_runs, 0)'
        ) }} as usual_milliseconds,
        count(
            case when status = 'success' then milliseconds end
        ) over last_runs as compared_run_count,
        max(row_count) over (
            partition by node_name order by run_id
            rows between 1 preceding and 1 preceding
        ) as previous_row_count
    from results
    window
        last_runs as (
            partition by node_name order by run_id
            rows between 10 preceding and 1 preceding
        )

)

select * from final
