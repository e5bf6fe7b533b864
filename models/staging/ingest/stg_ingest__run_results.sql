-- What became of each node of a build.
-- Grain: one row per build and node.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('ingest', 'run_results') }}

),

final as (

    select
        ---------- ids
        result_id,
        run_id,
        batch_id,

        ---------- text
        node_type,
        node_name,
        layer,
        domain,
        status,
        message,

        ---------- booleans
        is_full_refresh = 1 as is_full_refresh,

        ---------- measures
        milliseconds,
        row_count,
        failure_count,

        ---------- timestamps
        started_at
    from source

)

select * from final
