-- What each customer brought in each month, since the month of its first
-- purchase. What is of nobody who is known has no cohort.
-- Grain: one row per customer, month and currency, and one for nobody.
{{ config(materialized='view') }}

with

revenue as (

    select
        organisation_id,
        case when organisation_id is null then person_id end as person_id,
        occurred_at,
        substr(occurred_at, 1, 7) as revenue_month,
        currency_code,
        amount_minor,
        is_purchase
    from {{ ref('int_customers__revenue') }}

),

monthly as (

    select
        organisation_id,
        person_id,
        revenue_month,
        currency_code,
        cast(sum(amount_minor) as bigint) as revenue_minor,
        max(case when is_purchase then 1 else 0 end) as is_active,
        min(
            case
                when is_purchase
                    then occurred_at || coalesce(currency_code, '')
            end
        ) as first_purchase
    from revenue
    group by organisation_id, person_id, revenue_month, currency_code

),

dated as (

    select
        monthly.*,
        min(monthly.first_purchase) over (
            partition by monthly.organisation_id, monthly.person_id
        ) as customer_first
    from monthly

),

placed as (

    select
        organisation_id,
        person_id,
        revenue_month,
        currency_code,
        revenue_minor,
        is_active,
        substr(customer_first, 1, 7) as cohort_month,
        nullif(substr(customer_first, 28), '') as first_currency_code,
        {{ month_number('revenue_month') }}
        - {{ month_number('customer_first') }} as months_since
    from dated
    where coalesce(organisation_id, person_id) is not null

    union all

    -- nobody who is known is no customer
    select
        organisation_id,
        person_id,
        revenue_month,
        currency_code,
        revenue_minor,
        is_active,
        cast(null as text) as cohort_month,
        cast(null as text) as first_currency_code,
        cast(null as integer) as months_since
    from monthly
    where coalesce(organisation_id, person_id) is null

),

final as (

    select
        {{ json_array_text([
            'organisation_id', 'person_id', 'revenue_month', 'currency_code'
        ]) }} as customer_month_id,
        *
    from placed

)

select * from final
