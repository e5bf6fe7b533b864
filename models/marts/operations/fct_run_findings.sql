-- What is wrong with the runs themselves: failed, slow or shrunken models,
-- failed tests, sources whose delivery is overdue. Faults of the data are in
-- fct_row_errors.
-- Grain: one row per build, node and rule.
{{ config(materialized='view') }}
{#- Slow: times as long as usual, by this much at least, after these builds. -#}
{%- set slow_times = 3 %}
{%- set slow_milliseconds = 1000 %}
{%- set least_builds = 3 %}
{#- Shrunken: a table of at least so many rows lost this share of them. -#}
{%- set lost_share = 0.2 %}
{%- set least_rows = 20 %}

with

models as (

    select * from {{ ref('fct_model_runs') }}

),

tests as (

    select * from {{ ref('fct_test_results') }}

),

known_rules as (

    select * from {{ ref('rules') }}

),

found as (

    select
        run_id,
        started_at,
        model_name as node_name,
        'model_failed' as rule,
        coalesce(message, status) as found
    from models
    where status = 'error'

    union all

    select
        run_id,
        started_at,
        model_name as node_name,
        'model_slow' as rule,
        milliseconds || ' ms, ' || usual_milliseconds || ' ms before' as found
    from models
    where
        status = 'success'
        and not is_full_refresh
        and compared_run_count >= {{ least_builds }}
        and milliseconds > {{ slow_times }} * usual_milliseconds
        and milliseconds > usual_milliseconds + {{ slow_milliseconds }}

    union all

    select
        run_id,
        started_at,
        model_name as node_name,
        'model_shrunken' as rule,
        row_count || ' rows, ' || previous_row_count || ' before' as found
    from models
    where
        layer = 'marts'
        and domain <> 'operations'
        and status = 'success'
        and previous_row_count >= {{ least_rows }}
        and row_count < (1 - {{ lost_share }}) * previous_row_count

    union all

    select
        run_id,
        started_at,
        test_name as node_name,
        case test_type
            when 'freshness' then 'delivery_overdue' else 'test_failed'
        end as rule,
        coalesce(message, status) as found
    from tests
    where status in ('warn', 'fail', 'error')

),

final as (

    select
        found.run_id,
        found.node_name,
        known_rules.rule,
        known_rules.severity,
        known_rules.description as finding_description,
        found.found,
        found.started_at
    from found
    inner join known_rules on found.rule = known_rules.rule

)

select * from final
