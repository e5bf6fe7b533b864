-- Which open deals has nobody worked on for 60 days (var stalled_after_days)?
-- Idle days run to the newest activity known; without any, from the entry.
with

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

companies as (

    select * from {{ ref('dim_companies') }}

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
        activities.opportunity_id,
        max(activities.occurred_at) as occurred_at
    from {{ ref('fct_activities') }} as activities
    cross join newest
    where
        activities.opportunity_id is not null
        and activities.occurred_at <= newest.occurred_at
    group by activities.opportunity_id

),

open_deals as (

    select
        opportunities.opportunity_id,
        opportunities.opportunity_name,
        opportunities.company_id,
        opportunities.stage,
        opportunities.amount_cents,
        opportunities.currency_code,
        last_activities.occurred_at as last_activity_at,
        {{ days_between(
            'coalesce(last_activities.occurred_at, opportunities.created_at)',
            'newest.occurred_at'
        ) }} as idle_days
    from opportunities
    cross join newest
    left join last_activities
        on opportunities.opportunity_id = last_activities.opportunity_id
    where opportunities.is_closed is not true

)

select
    open_deals.opportunity_id,
    open_deals.opportunity_name,
    companies.company_name,
    open_deals.stage,
    open_deals.amount_cents / 100.0 as amount,
    open_deals.currency_code as currency,
    substr(open_deals.last_activity_at, 1, 10) as last_activity_on,
    open_deals.idle_days
from open_deals
left join companies on open_deals.company_id = companies.company_id
where open_deals.idle_days >= {{ var('stalled_after_days', 60) | int }}
order by open_deals.amount_cents desc, open_deals.opportunity_id asc
