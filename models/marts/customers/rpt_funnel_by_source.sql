-- How far do customers come: lead, qualified, deal, won, paid? By where their
-- first touch came from, and its month. A customer is an organisation with its
-- people, or a person without one, and counts once for each step, in the row of
-- its first currency. Amounts are in the row of their own. What is of nobody
-- who is known counts by record, in rows of the source `nobody known`.
-- Grain: one row per first source, month of the first touch and currency.
{{ config(materialized='view') }}
{#- Each step, and of what it has some. #}
{%- set steps = {
    'lead': 'lead_stage', 'qualified': 'qualified', 'deal': 'deal', 'won': 'won',
    'paid': 'purchase',
} %}
{%- set counts = ['customer'] + (steps | list) %}
{%- set amounts = ['won', 'paid', 'refunded'] %}
{%- set spans = {
    'lead_to_qualified': ['lead_stage_at', 'qualified_at'],
    'qualified_to_deal': ['qualified_at', 'first_deal_at'],
    'deal_to_won': ['first_deal_at', 'first_won_at'],
    'won_to_paid': ['first_won_at', 'first_purchase_at'],
} %}
{%- set row = 'first_source, touch_month, currency_code' %}

with

totals as (

    select * from {{ ref('int_customers__totals') }}

),

customers as (

    select
        scope,
        customer_id,
        {% for step, count in steps.items() -%}
        case when {{ count }}_count > 0 then 1 else 0 end as {{ step }}_count,
        {% endfor -%}
        {% for span, (since, until) in spans.items() -%}
        case
            when {{ since }} <= {{ until }}
                then {{ days_between(since, until) }}
        end as {{ span }}_days,
        {% endfor -%}
        coalesce(first_source, 'unknown') as first_source,
        substr(first_touch_at, 1, 7) as touch_month,
        first_currency_code as currency_code
    from {{ ref('int_customers__steps') }}
    where scope <> 'person'

),

ranked as (

    select
        {% for span in spans -%}
        row_number() over (
            partition by {{ row }} order by {{ span }}_days nulls last
        ) as {{ span }}_rank,
        count({{ span }}_days) over (partition by {{ row }})
            as {{ span }}_known,
        {% endfor -%}
        *
    from customers

),

parts as (

    select
        {{ row }},
        count(*) as customer_count,
        {%- for step in steps %}
        sum({{ step }}_count) as {{ step }}_count,
        {%- endfor %}
        {%- for span in spans %}
        {{ median_of(span ~ '_days', span ~ '_rank', span ~ '_known') }}
            as {{ span }}_days,
        {%- endfor %}
        cast(0 as bigint) as won_minor,
        cast(0 as bigint) as paid_minor,
        cast(0 as bigint) as refunded_minor
    from ranked
    group by {{ row }}

    union all

    select
        customers.first_source,
        customers.touch_month,
        totals.currency_code,
        0 as customer_count,
        {%- for step in steps %}
        0 as {{ step }}_count,
        {%- endfor %}
        {%- for span in spans %}
        cast(null as {{ cleaning.double_type() }}) as {{ span }}_days,
        {%- endfor %}
        cast(sum(totals.won_minor) as bigint) as won_minor,
        cast(sum(totals.paid_minor) as bigint) as paid_minor,
        cast(
            sum(totals.paid_minor - totals.revenue_minor) as bigint
        ) as refunded_minor
    from totals
    inner join customers
        on
            customers.scope = case
                when totals.organisation_id is null then 'alone'
                else 'organisation'
            end
            and customers.customer_id
            = coalesce(totals.organisation_id, totals.person_id)
    where totals.won_count > 0 or totals.revenue_count > 0
    group by
        customers.first_source, customers.touch_month, totals.currency_code

    union all

    select
        'nobody known' as first_source,
        nullif(nobody_month, '') as touch_month,
        currency_code,
        0 as customer_count,
        {%- for step, count in steps.items() %}
        sum({{ count }}_count) as {{ step }}_count,
        {%- endfor %}
        {%- for span in spans %}
        cast(null as {{ cleaning.double_type() }}) as {{ span }}_days,
        {%- endfor %}
        cast(sum(won_minor) as bigint) as won_minor,
        cast(sum(paid_minor) as bigint) as paid_minor,
        cast(
            sum(paid_minor - revenue_minor) as bigint
        ) as refunded_minor
    from totals
    where
        nobody_month is not null
        and lead_stage_count + qualified_count + deal_count + revenue_count > 0
    group by nobody_month, currency_code

),

summed as (

    select
        {% for step in counts -%}
        cast(sum({{ step }}_count) as bigint) as {{ step }}_count,
        {% endfor -%}
        {% for amount in amounts -%}
        cast(sum({{ amount }}_minor) as bigint) as {{ amount }}_minor,
        {% endfor -%}
        {% for span in spans -%}
        max({{ span }}_days) as {{ span }}_days,
        {% endfor -%}
        {{ row }}
    from parts
    group by {{ row }}

),

final as (

    select
        {{ json_array_text(['first_source', 'touch_month', 'currency_code']) }}
            as funnel_id,
        {{ row }},
        {% for step in counts -%}
        {{ step }}_count,
        {% endfor -%}
        {% for amount in amounts -%}
        {{ amount }}_minor,
        {{ main_units(amount ~ '_minor', 'currency_code') }} as {{ amount }},
        {% endfor -%}
        lead_to_qualified_days,
        qualified_to_deal_days,
        deal_to_won_days,
        won_to_paid_days
    from summed

)

select * from final
