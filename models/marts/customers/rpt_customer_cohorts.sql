-- How many customers buy again, and what do they bring? Customers by the month
-- of their first purchase: an organisation with its people, or a person without
-- one. Each counts once, in the row of its first currency; amounts are in the
-- row of their own. What is of nobody who is known, or has no date, is in rows
-- without a cohort or month.
-- Grain: one row per cohort, month since and currency.
{{ config(materialized='view') }}

with recursive

placed as (

    select * from {{ ref('int_customers__cohorts') }}

),

-- a customer is active in a month once, whatever the currencies
active as (

    select distinct
        organisation_id,
        person_id,
        cohort_month,
        months_since,
        first_currency_code
    from placed
    where is_active = 1 and cohort_month is not null and months_since >= 0

),

-- one dated after everything was loaded is a typo
newest as (

    select max(revenue_month) as newest_month from placed
    where
        is_active = 1
        and revenue_month <= (
            select substr(max(files.loaded_at), 1, 7) as clock_month
            from {{ ref('stg_ingest__files') }} as files
        )

),

-- months in which nobody bought are shown as well
spine as (

    select
        cohorts.cohort_month,
        cohorts.currency_code,
        0 as months_since,
        {{ month_number('newest.newest_month') }}
        - {{ month_number('cohorts.cohort_month') }} as last_months_since
    from (
        select distinct
            cohort_month,
            currency_code
        from placed
        where cohort_month is not null
        union
        select distinct
            cohort_month,
            first_currency_code as currency_code
        from active
    ) as cohorts
    cross join newest

    union all

    select
        cohort_month,
        currency_code,
        months_since + 1 as months_since,
        last_months_since
    from spine
    where months_since < last_months_since

),

parts as (

    select
        cohort_month,
        months_since,
        currency_code,
        cast(0 as bigint) as active_count,
        cast(0 as bigint) as revenue_minor
    from spine

    union all

    select
        cohort_month,
        months_since,
        first_currency_code as currency_code,
        cast(count(*) as bigint) as active_count,
        cast(0 as bigint) as revenue_minor
    from active
    group by cohort_month, months_since, first_currency_code

    union all

    select
        cohort_month,
        months_since,
        currency_code,
        cast(0 as bigint) as active_count,
        cast(sum(revenue_minor) as bigint) as revenue_minor
    from placed
    group by cohort_month, months_since, currency_code

),

summed as (

    select
        cohort_month,
        months_since,
        currency_code,
        cast(sum(active_count) as bigint) as active_customer_count,
        cast(coalesce(sum(revenue_minor), 0) as bigint) as revenue_minor
    from parts
    group by cohort_month, months_since, currency_code

),

-- in its first month all of a cohort buy
sized as (

    select
        *,
        max(
            case
                when months_since = 0 then active_customer_count
                when cohort_month is not null then 0
            end
        ) over (partition by cohort_month, currency_code) as customer_count,
        cast(sum(revenue_minor) over (
            partition by cohort_month, currency_code
            order by months_since nulls last
        ) as bigint) as cumulative_minor
    from summed

),

final as (

    select
        {{ json_array_text([
            'cohort_month', 'months_since', 'currency_code'
        ]) }} as cohort_id,
        cohort_month,
        cast(months_since as bigint) as months_since,
        currency_code,
        customer_count,
        case when months_since is not null then active_customer_count end
            as active_customer_count,
        case
            when months_since is not null
                then {{ conversion('active_customer_count', 'customer_count') }}
        end as retention,
        revenue_minor,
        {{ main_units('revenue_minor', 'currency_code') }} as revenue,
        cumulative_minor,
        {{ main_units('cumulative_minor', 'currency_code') }} as cumulative
    from sized

)

select * from final
