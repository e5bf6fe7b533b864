-- Which customers do we neglect? Those without an open deal or any activity in
-- 90 days (var neglected_after_days) before the newest; the best buyers first.
-- Who bought in several currencies has no one amount.
with

companies as (

    select * from {{ ref('dim_companies') }}

),

contacts as (

    select * from {{ ref('dim_contacts') }}

),

opportunities as (

    select
        company_id,
        is_closed,
        case when is_closed and is_won then amount_cents end as won_cents,
        case
            when is_closed and is_won then coalesce(currency_code, 'unknown')
        end as won_currency
    from {{ ref('fct_opportunities') }}

),

-- one dated after everything was loaded is a slip of the pen
newest as (

    select max(activities.occurred_at) as occurred_at
    from {{ ref('fct_activities') }} as activities
    where
        activities.occurred_at <= (
            select max(files.loaded_at) as loaded_at
            from {{ ref('fct_ingest_files') }} as files
        )

),

last_activities as (

    select
        contacts.company_id,
        max(activities.occurred_at) as occurred_at
    from contacts
    cross join newest
    inner join {{ ref('fct_activities') }} as activities
        on
            contacts.contact_id = activities.contact_id
            and newest.occurred_at >= activities.occurred_at
    where contacts.company_id is not null
    group by contacts.company_id

),

deals as (

    select
        company_id,
        sum(case when is_closed is not true then 1 else 0 end) as open_count,
        min(won_currency) as currency,
        -- no sum mixes currencies
        case
            when min(won_currency) = max(won_currency) then sum(won_cents)
            else 0
        end as won_cents,
        count(distinct won_currency) as currency_count
    from opportunities
    where company_id is not null
    group by company_id

),

customers as (

    select
        companies.company_id,
        companies.company_name,
        companies.industry,
        coalesce(deals.won_cents, 0) as won_cents,
        case
            when deals.currency_count > 1 then 'several'
            else deals.currency
        end as currency,
        last_activities.occurred_at as last_activity_at,
        {{ days_between(
            'last_activities.occurred_at', 'newest.occurred_at'
        ) }} as idle_days
    from companies
    cross join newest
    left join deals on companies.company_id = deals.company_id
    left join last_activities
        on companies.company_id = last_activities.company_id
    where companies.is_customer and coalesce(deals.open_count, 0) = 0

)

select
    company_id,
    company_name,
    industry,
    won_cents / 100.0 as won_amount,
    currency,
    substr(last_activity_at, 1, 10) as last_activity_on,
    idle_days
from customers
where
    idle_days is null
    or idle_days >= {{ var('neglected_after_days', 90) | int }}
order by won_cents desc, idle_days desc nulls first, company_id asc
