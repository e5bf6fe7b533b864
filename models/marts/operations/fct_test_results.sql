-- What each test of the data, and of the freshness of a source, found.
-- Grain: one row per build and test.
{{ config(materialized='view') }}

with

results as (

    select * from {{ ref('stg_ingest__run_results') }}
    where node_type in ('test', 'source')

),

final as (

    select
        run_id,
        node_name as test_name,
        case node_type when 'source' then 'freshness' else 'data' end
            as test_type,
        batch_id,
        started_at,
        domain,
        status,
        failure_count,
        milliseconds,
        message
    from results

)

select * from final
