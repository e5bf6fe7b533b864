-- The path of each customer: first touch, lead, contact, activity, deal, win,
-- first and last order, and what it has brought. An event is of the
-- organisation which its record names, else of that of its person.
-- Grain: one row per person and one per organisation.
{{ config(materialized='view') }}

with

steps as (

    select * from {{ ref('int_customers__steps') }}
    where scope in ('person', 'organisation')

),

customers as (

    select
        'person' as customer_kind,
        person_id as customer_id,
        full_name as customer_name
    from {{ ref('dim_people') }}

    union all

    select
        'organisation' as customer_kind,
        organisation_id as customer_id,
        organisation_name as customer_name
    from {{ ref('dim_organisations') }}

),

final as (

    select
        {{ json_array_text([
            'customers.customer_kind', 'customers.customer_id'
        ]) }} as journey_id,
        customers.customer_kind,
        customers.customer_id,
        customers.customer_name,
        steps.first_touch_at,
        steps.first_touch_kind,
        steps.first_source,
        steps.first_lead_at,
        steps.qualified_at,
        steps.first_contact_at,
        steps.first_activity_at,
        steps.first_deal_at,
        steps.first_won_at,
        steps.first_order_at,
        steps.last_order_at,
        steps.first_purchase_at,
        steps.last_purchase_at,
        coalesce(steps.lead_count, 0) as lead_count,
        coalesce(steps.qualified_count, 0) > 0 as is_qualified,
        coalesce(steps.deal_count, 0) as deal_count,
        coalesce(steps.open_deal_count, 0) as open_deal_count,
        coalesce(steps.won_count, 0) as won_count,
        coalesce(steps.order_count, 0) as order_count,
        coalesce(steps.purchase_count, 0) as purchase_count,
        coalesce(steps.currency_count, 0) as currency_count,
        steps.currency_code,
        steps.revenue_minor,
        {{ main_units('steps.revenue_minor', 'steps.currency_code') }}
            as revenue,
        steps.revenue_reporting_minor,
        {{ main_units(
            'steps.revenue_reporting_minor', "'" ~ reporting_currency() ~ "'"
        ) }} as revenue_reporting
    from customers
    left join steps
        on
            customers.customer_kind = steps.scope
            and customers.customer_id = steps.customer_id

)

select * from final
