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

states as (

    select
        substr(valid_from, 1, 7) as movement_month,
        pipeline_id,
        owner_id,
        currency_code,
        coalesce(
            amount_minor,
            case
                when phase <> 'open' or is_gone
                    then lag(amount_minor) over in_order
            end,
            0
        ) as amount,
        substr(close_date, 1, 7) as close_month,
        phase,
        is_gone,
        phase = 'open' and not is_gone as is_open,
        coalesce(lag(phase) over in_order = 'open', false)
        and not lag(is_gone) over in_order as was_open,
        lag(phase) over in_order as phase_before,
        coalesce(lag(is_gone) over in_order, false) as was_gone,
        lag(pipeline_id) over in_order as pipeline_before,
        lag(owner_id) over in_order as owner_before,
        lag(currency_code) over in_order as currency_before,
        coalesce(lag(amount_minor) over in_order, 0) as amount_before,
        lag(substr(close_date, 1, 7)) over in_order as close_month_before
    from {{ ref('int_opportunities__timed') }}
    window in_order as (partition by opportunity_id order by state_number)

),

moves as (

    select
        *,
        was_open and (
            pipeline_id is distinct from pipeline_before
            or owner_id is distinct from owner_before
            or currency_code is distinct from currency_before
        ) as is_moved,
        not was_open and (
            is_open
            or (
                not is_gone
                and (
                    phase_before is null
                    or (was_gone and phase_before = 'open')
                )
            )
        ) as is_entered
    from states
    where was_open or not is_gone

),

valued as (

    select
        *,
        case
            when was_open and currency_code is not distinct from currency_before
                then amount_before
            else amount
        end as brought
    from moves
    where was_open or is_entered

),

events as (

    select
        movement_month,
        pipeline_id,
        owner_id,
        currency_code,
        case when is_entered and phase_before is null then 1 else 0 end
            as created_count,
        case when is_entered and phase_before is not null then 1 else 0 end
            as reopened_count,
        case when is_moved then 1 else 0 end as moved_in_count,
        0 as moved_out_count,
        case when not is_gone and phase = 'won' then 1 else 0 end
            as won_count,
        case when not is_gone and phase = 'lost' then 1 else 0 end
            as lost_count,
        case when not is_gone and phase = 'closed' then 1 else 0 end
            as closed_otherwise_count,
        case when is_gone then 1 else 0 end as deleted_count,
        case
            when was_open and is_open and close_month > close_month_before
                then 1
            else 0
        end as pushed_out_count,
        case
            when was_open and is_open and close_month < close_month_before
                then 1
            else 0
        end as pulled_in_count,
        case when is_gone then brought else amount end as amount,
        brought,
        cast(0 as bigint) as left_behind
    from valued

    union all

    select
        movement_month,
        pipeline_before as pipeline_id,
        owner_before as owner_id,
        currency_before as currency_code,
        {% for measure in measures if measure not in uncounted -%}
        {{ 1 if measure == 'moved_out' else 0 }} as {{ measure }}_count,
        {% endfor -%}
        cast(0 as bigint) as amount,
        cast(0 as bigint) as brought,
        amount_before as left_behind
    from valued
    where is_moved

),

monthly as (

    select
        movement_month,
        {{ groups }},
        {% for measure in measures if measure not in uncounted -%}
        sum({{ measure }}_count) as {{ measure }}_count,
        {% if measure != 'moved_out' -%}
        sum({{ measure }}_count * {{
            'brought' if measure in ('created', 'reopened', 'moved_in')
            else 'amount'
        }}) as {{ measure }},
        {% endif -%}
        {% endfor -%}
        sum(left_behind) as moved_out,
        sum(case when amount > brought then amount - brought else 0 end)
            as grown,
        sum(case when amount < brought then brought - amount else 0 end)
            as shrunk
    from events
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
