-- When each customer came how far, with counts. Customers are seen in three
-- ways (`scope`): each `person`; each `organisation` with its people; and
-- people `alone`, by what no organisation has. An event is of one organisation,
-- which its record names, else of that of its person, or of one person alone.
-- Grain: one row per scope and customer.
{{ config(materialized='view') }}
{%- set kinds = touch_kinds() %}
{%- set firsts = [
    'touch', 'currency', 'lead_at', 'contact_at', 'activity_at', 'deal_at',
    'won_at', 'order_at', 'purchase_at',
] %}
{%- set counts = [
    'lead', 'lead_stage', 'qualified', 'deal', 'open_deal', 'won', 'order', 'purchase',
] %}

with

totals as (

    select * from {{ ref('int_customers__totals') }}

),

scoped as (

    select
        'person' as scope,
        totals.person_id as customer_id,
        totals.*
    from totals
    where totals.person_id is not null

    union all

    select
        'organisation' as scope,
        totals.organisation_id as customer_id,
        totals.*
    from totals
    where totals.organisation_id is not null

    union all

    select
        'alone' as scope,
        totals.person_id as customer_id,
        totals.*
    from totals
    where totals.person_id is not null and totals.organisation_id is null

),

by_currency as (

    select
        scope,
        customer_id,
        currency_code,
        {%- for first in firsts %}
        min(first_{{ first }}) as first_{{ first }},
        {%- endfor %}
        min(lead_stage_at) as lead_stage_at,
        min(qualified_at) as qualified_at,
        min(qualified_unseen_from) as qualified_unseen_from,
        max(last_order_at) as last_order_at,
        max(last_purchase_at) as last_purchase_at,
        {%- for count in counts %}
        sum({{ count }}_count) as {{ count }}_count,
        {%- endfor %}
        sum(revenue_count) as revenue_count,
        sum(revenue_minor) as revenue_minor,
        sum(revenue_reporting_minor) as revenue_reporting_minor,
        sum(unconverted_count) as unconverted_count
    from scoped
    group by scope, customer_id, currency_code

),

by_customer as (

    select
        scope,
        customer_id,
        {%- for first in firsts %}
        min(first_{{ first }}) as first_{{ first }},
        {%- endfor %}
        min(lead_stage_at) as lead_stage_at,
        min(qualified_at) as qualified_at,
        min(qualified_unseen_from) as qualified_unseen_from,
        max(last_order_at) as last_order_at,
        max(last_purchase_at) as last_purchase_at,
        {%- for count in counts %}
        cast(sum({{ count }}_count) as bigint) as {{ count }}_count,
        {%- endfor %}
        sum(case when revenue_count > 0 then 1 else 0 end) as currency_count,
        max(case when revenue_count > 0 then currency_code end)
            as currency_code,
        sum(revenue_minor) as revenue_minor,
        case
            when sum(unconverted_count) = 0
                then cast(sum(revenue_reporting_minor) as bigint)
        end as revenue_reporting_minor
    from by_currency
    group by scope, customer_id

),

final as (

    select
        scope,
        customer_id,
        nullif(substr(first_touch, 1, 27), {{ undated() }}) as first_touch_at,
        case substr(first_touch, 28, 1)
            {%- for kind in kinds %}
            when '{{ 'abcdefghijklmnop'[loop.index0] }}' then '{{ kind }}'
            {%- endfor %}
        end as first_touch_kind,
        nullif(substr(first_touch, 29), '') as first_source,
        substr(first_currency, 28) as first_currency_code,
        {%- for first in firsts[2:] %}
        first_{{ first }},
        {%- endfor %}
        lead_stage_at,
        case
            when coalesce(qualified_unseen_from >= qualified_at, true)
                then qualified_at
        end as qualified_at,
        last_order_at,
        last_purchase_at,
        {%- for count in counts %}
        {{ count }}_count,
        {%- endfor %}
        cast(currency_count as bigint) as currency_count,
        case when currency_count = 1 then currency_code end as currency_code,
        case
            when currency_count = 1 and currency_code is not null
                then cast(revenue_minor as bigint)
        end as revenue_minor,
        revenue_reporting_minor
    from by_customer

)

select * from final
