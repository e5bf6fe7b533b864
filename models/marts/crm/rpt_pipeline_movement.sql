-- How did the open pipeline move? Open at the start of a month, plus what came
-- into it, less what left it, is open at its end, to the minor unit. A deal
-- that changes its owner, pipeline or currency moves out there and in here.
-- Grain: one row per month, pipeline, owner and currency with open deals or
-- movement, up to the month of the newest file.
{{ config(materialized='view') }}
{%- set measures = [
    'created', 'reopened', 'moved_in', 'grown', 'shrunk', 'moved_out', 'won',
    'lost', 'closed_otherwise', 'deleted', 'pushed_out', 'pulled_in',
] %}
{%- set uncounted = ['grown', 'shrunk'] %}
{%- set beside = ['pushed_out', 'pulled_in'] %}
{%- set into = ['created', 'reopened', 'moved_in', 'grown'] %}
{%- set groups = 'pipeline_id, owner_id, currency_code' %}
{%- set net, net_count = [], [] %}
{%- for measure in measures if measure not in beside -%}
{%- set sign = '+ ' if measure in into else '- ' -%}
{%- do net.append(sign ~ measure) -%}
{%- if measure not in uncounted -%}
{%- do net_count.append(sign ~ measure ~ '_count') -%}
{%- endif -%}
{%- endfor %}

with recursive

monthly as (

    select
        {% for measure in measures -%}
        sum(case when movement = '{{ measure }}' then moved_minor else 0 end)
            as {{ measure }},
        {% if measure not in uncounted -%}
        sum(case when movement = '{{ measure }}' then 1 else 0 end)
            as {{ measure }}_count,
        {% endif -%}
        {% endfor -%}
        movement_month,
        pipeline_id,
        owner_id,
        currency_code
    from {{ ref('int_opportunities__movements') }}
    group by movement_month, {{ groups }}

),

spans as (

    select
        {{ groups }},
        min(movement_month) as first_month
    from monthly
    group by {{ groups }}

),

span as (

    select
        min(first_month) as first_month,
        (
            select substr(max(files.loaded_at), 1, 7) as loaded_month
            from {{ ref('stg_ingest__files') }} as files
        ) as clock_month
    from spans

),

months as (

    select first_month as movement_month
    from span
    where first_month is not null

    union all

    select {{ next_month('months.movement_month') }} as movement_month
    from months
    cross join span
    where months.movement_month < span.clock_month

),

listed as (

    select
        {% for measure in measures -%}
        {{ measure }},
        {% if measure not in uncounted -%}
        {{ measure }}_count,
        {% endif -%}
        {% endfor -%}
        movement_month,
        pipeline_id,
        owner_id,
        currency_code
    from monthly

    union all

    select
        {% for measure in measures -%}
        0 as {{ measure }},
        {% if measure not in uncounted -%}
        0 as {{ measure }}_count,
        {% endif -%}
        {% endfor -%}
        months.movement_month,
        spans.pipeline_id,
        spans.owner_id,
        spans.currency_code
    from spans
    inner join months on spans.first_month <= months.movement_month

),

summed as (

    select
        {% for measure in measures -%}
        sum({{ measure }}) as {{ measure }},
        {% if measure not in uncounted -%}
        sum({{ measure }}_count) as {{ measure }}_count,
        {% endif -%}
        {% endfor -%}
        movement_month,
        pipeline_id,
        owner_id,
        currency_code
    from listed
    group by movement_month, {{ groups }}

),

balanced as (

    select
        *,
        {{ net | join(' ') }} as net,
        {{ net_count | join(' ') }} as net_count
    from summed

),

cumulated as (

    select
        *,
        sum(net) over so_far as open_at_end,
        sum(net_count) over so_far as open_at_end_count
    from balanced
    window so_far as (
        partition by {{ groups }}
        order by movement_month rows unbounded preceding
    )

),

opened as (

    select
        cumulated.*,
        cumulated.open_at_end - cumulated.net as open_at_start,
        cumulated.open_at_end_count - cumulated.net_count
            as open_at_start_count,
        currencies.decimals
    from cumulated
    left join {{ ref('currencies') }} as currencies
        on cumulated.currency_code = currencies.code

),

final as (

    select
        {{ json_array_text([
            'movement_month', 'pipeline_id', 'owner_id', 'currency_code'
        ]) }} as movement_id,
        movement_month,
        pipeline_id,
        owner_id,
        currency_code,
        {% for measure in ['open_at_start'] + measures -%}
        {% if measure not in uncounted -%}
        cast({{ measure }}_count as bigint) as {{ measure }}_count,
        {% endif -%}
        {{ main_units(measure, 'currency_code', 'decimals') }} as {{ measure }},
        cast({{ measure }} as bigint) as {{ measure }}_minor,
        {% endfor -%}
        cast(open_at_end_count as bigint) as open_at_end_count,
        {{ main_units('open_at_end', 'currency_code', 'decimals') }}
            as open_at_end,
        cast(open_at_end as bigint) as open_at_end_minor
    from opened
    where
        open_at_start_count > 0
        {%- for measure in measures if measure not in uncounted %}
        or {{ measure }}_count > 0
        {%- endfor %}

)

select * from final
