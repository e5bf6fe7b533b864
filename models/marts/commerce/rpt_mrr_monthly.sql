-- Monthly recurring revenue: what it was, what changed it, what it became.
-- Kinds of change are those of a customer. The last month is that up to which
-- the subscriptions are known.
-- Grain: one row per month and currency.
{%- set kinds = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}

with recursive

changes as (

    select * from {{ ref('fct_mrr_changes') }}

),

currencies as (

    select
        currency_code,
        min(mrr_month) as first_month,
        max(substr(known_until, 1, 7)) as last_month
    from changes
    group by currency_code

),

months as (

    select
        currency_code,
        first_month as mrr_month,
        last_month
    from currencies

    union all

    select
        currency_code,
        {{ next_month('mrr_month') }} as mrr_month,
        last_month
    from months
    where mrr_month < last_month

),

summed as (

    select
        currency_code,
        mrr_month,
        {%- for kind in kinds %}
        sum(case when change_kind = '{{ kind }}' then change_minor else 0 end)
            as {{ kind }}_minor,
        {%- endfor %}
        sum(change_minor) as change_minor
    from changes
    group by currency_code, mrr_month

),

running as (

    select
        months.mrr_month,
        months.currency_code,
        {%- for kind in kinds %}
        coalesce(summed.{{ kind }}_minor, 0) as {{ kind }}_minor,
        {%- endfor %}
        coalesce(summed.change_minor, 0) as change_minor,
        sum(coalesce(summed.change_minor, 0)) over (
            partition by months.currency_code
            order by months.mrr_month rows unbounded preceding
        ) as closing_minor
    from months
    left join summed
        on
            months.mrr_month = summed.mrr_month
            and months.currency_code is not distinct from summed.currency_code

),

final as (

    select
        mrr_month || coalesce(':' || currency_code, '') as month_key,
        mrr_month,
        currency_code,
        cast(closing_minor - change_minor as bigint) as opening_minor,
        {%- for kind in kinds %}
        cast({{ kind }}_minor as bigint) as {{ kind }}_minor,
        {%- endfor %}
        cast(closing_minor as bigint) as closing_minor,
        {{ main_units('(closing_minor - change_minor)', 'currency_code') }}
            as opening,
        {%- for kind in kinds %}
        {{ main_units(kind ~ '_minor', 'currency_code') }} as {{ kind }},
        {%- endfor %}
        {{ main_units('closing_minor', 'currency_code') }} as closing
    from running

)

select * from final
