-- What became of every record delivered; its tests are the promise that none
-- is lost.
-- Grain: one row per source table that files came for. The counts by state are
-- NULL for a table that is not judged.
{{ config(materialized='view') }}

with

files as (

    select
        source_name,
        table_name,
        sum(record_count) as delivered_count,
        sum(landed_count) as landed_count,
        sum(rejected_count) as rejected_count,
        sum(separator_count) as separator_count
    from {{ ref('fct_ingest_files') }}
    where status = 'landed'
    group by source_name, table_name

),

row_states as (

    {% for source in var('domains') -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ source }}' as source_name,
        table_name,
        row_status,
        count(*) as row_count
    from ({{ row_states(source) }}) as states_of_{{ source }}
    group by table_name, row_status
    {% endfor %}

),

states as (

    select
        source_name,
        table_name,
        sum(
            case when row_status = 'error' then row_count else 0 end
        ) as error_count,
        sum(
            case when row_status = 'current' then row_count else 0 end
        ) as current_count,
        sum(
            case when row_status = 'superseded' then row_count else 0 end
        ) as superseded_count,
        sum(
            case when row_status = 'unchanged' then row_count else 0 end
        ) as unchanged_count
    from row_states
    group by source_name, table_name

),

final as (

    select
        files.source_name,
        files.table_name,
        files.delivered_count,
        files.landed_count,
        files.rejected_count,
        files.separator_count,
        states.error_count,
        states.current_count,
        states.superseded_count,
        states.unchanged_count
    from files
    left join states
        on
            files.source_name = states.source_name
            and files.table_name = states.table_name

)

select * from final
