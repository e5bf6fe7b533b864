-- What has each owner reached, and what was the target? Amounts by currency;
-- counts and the win rate over all currencies.
-- Grain: one row per owner, month, quarter or year, measure and currency.
{{ config(materialized='view') }}
{%- set measures = ['created', 'won', 'lost'] %}
{%- set one = cleaning.as_double('1.0') %}

with

deals as (

    select
        owner_id,
        currency_code,
        amount_minor as amount,
        is_closed,
        is_won,
        substr(created_at, 1, 7) as created_month,
        substr(actual_close_date, 1, 7) as closed_month
    from {{ ref('fct_opportunities') }}

),

counted as (

    select
        owner_id,
        currency_code,
        created_month as month,
        count(*) as created_count,
        sum(amount) as created_amount,
        0 as won_count,
        cast(null as bigint) as won_amount,
        0 as lost_count,
        cast(null as bigint) as lost_amount
    from deals
    where created_month is not null
    group by owner_id, currency_code, created_month

    union all

    select
        owner_id,
        currency_code,
        closed_month as month,
        0 as created_count,
        cast(null as bigint) as created_amount,
        sum(case when is_won then 1 else 0 end) as won_count,
        sum(case when is_won then amount end) as won_amount,
        sum(case when is_won then 0 else 1 end) as lost_count,
        sum(case when not is_won then amount end) as lost_amount
    from deals
    where closed_month is not null and is_closed and is_won is not null
    group by owner_id, currency_code, closed_month

),

periods as (

    select
        counted.*,
        counted.month as period
    from counted

    union all

    select
        counted.*,
        substr(counted.month, 1, 4) || case
            when substr(counted.month, 6) <= '03' then '-Q1'
            when substr(counted.month, 6) <= '06' then '-Q2'
            when substr(counted.month, 6) <= '09' then '-Q3'
            else '-Q4'
        end as period
    from counted

    union all

    select
        counted.*,
        substr(counted.month, 1, 4) as period
    from counted

),

by_currency as (

    select
        {% for measure in measures -%}
        sum({{ measure }}_amount) as {{ measure }}_amount,
        {% endfor -%}
        owner_id,
        period,
        currency_code
    from periods
    group by owner_id, period, currency_code

),

by_period as (

    select
        {% for measure in measures -%}
        sum({{ measure }}_count) as {{ measure }}_count,
        {% endfor -%}
        owner_id,
        period
    from periods
    group by owner_id, period

),

-- how the user may call them; what two could be called leads to none
owners as (

    select
        called,
        min(owner_id) as owner_id
    from (
        {% for name in ['owner_id', 'owner_name', 'email'] -%}
        select
            owner_id,
            {{ cleaning.lower_text(name) }} as called
        from {{ ref('dim_owners') }}
        where {{ name }} is not null
        {{ 'union' if not loop.last }}
        {% endfor %}
    ) as names
    group by called
    having count(*) = 1

),

measured as (

    {% for measure in measures -%}
    select
        owner_id,
        cast(null as text) as named_owner,
        period,
        '{{ measure }}_amount' as measure,
        currency_code,
        {{ measure }}_amount as reached_minor,
        {{ main_units(measure ~ '_amount', 'currency_code') }}
            as reached,
        cast(null as {{ cleaning.double_type() }}) as target
    from by_currency
    where {{ measure }}_amount is not null

    union all

    select
        owner_id,
        cast(null as text) as named_owner,
        period,
        '{{ measure }}_count' as measure,
        cast(null as text) as currency_code,
        cast(null as bigint) as reached_minor,
        {{ one }} * {{ measure }}_count as reached,
        cast(null as {{ cleaning.double_type() }}) as target
    from by_period

    union all

    {% endfor -%}
    select
        owner_id,
        cast(null as text) as named_owner,
        period,
        'win_rate' as measure,
        cast(null as text) as currency_code,
        cast(null as bigint) as reached_minor,
        {{ conversion('won_count', '(won_count + lost_count)') }} as reached,
        cast(null as {{ cleaning.double_type() }}) as target
    from by_period
    where won_count + lost_count > 0

    union all

    select
        owners.owner_id,
        case when owners.owner_id is null then targets.owner end as named_owner,
        upper(trim(targets.period)) as period,
        targets.measure,
        nullif(targets.currency, '') as currency_code,
        cast(null as bigint) as reached_minor,
        cast(null as {{ cleaning.double_type() }}) as reached,
        targets.amount as target
    from {{ ref('targets') }} as targets
    left join owners
        on {{ cleaning.lower_text('targets.owner') }} = owners.called

),

final as (

    select
        {{ json_array_text([
            'owner_id', 'named_owner', 'period', 'measure', 'currency_code'
        ]) }} as performance_id,
        owner_id,
        named_owner as source_owner,
        period,
        case length(period)
            when 4 then 'year'
            when 7
                then case when period like '%Q%' then 'quarter' else 'month' end
        end as period_kind,
        measure,
        currency_code,
        cast(sum(reached_minor) as bigint) as reached_minor,
        sum(reached) as reached,
        sum(target) as target,
        {{ conversion('sum(reached)', 'sum(target)') }} as attainment
    from measured
    group by owner_id, named_owner, period, measure, currency_code

)

select * from final
