-- With whom do we spend time although no deal names them? The 25 busiest
-- contacts: sell to them, or spend the time elsewhere.
with

contacts as (

    select * from {{ ref('dim_contacts') }}

),

companies as (

    select * from {{ ref('dim_companies') }}

),

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

activities as (

    -- one dated after everything was loaded is a slip of the pen
    select * from {{ ref('fct_activities') }}
    where
        occurred_at <= (
            select max(files.loaded_at) as loaded_at
            from {{ ref('fct_ingest_files') }} as files
        )

),

busiest as (

    select
        activities.contact_id,
        count(*) as activity_count,
        sum(activities.duration_minutes) as total_minutes,
        max(activities.occurred_at) as last_activity_at
    from activities
    where
        activities.contact_id is not null
        and not exists (
            select opportunities.contact_id
            from opportunities
            where opportunities.contact_id = activities.contact_id
        )
    group by activities.contact_id
    order by activity_count desc, total_minutes desc, activities.contact_id asc
    limit 25

)

select
    busiest.contact_id,
    contacts.first_name,
    contacts.last_name,
    contacts.title,
    companies.company_name,
    busiest.activity_count,
    busiest.total_minutes,
    substr(busiest.last_activity_at, 1, 10) as last_activity_on
from busiest
inner join contacts on busiest.contact_id = contacts.contact_id
left join companies on contacts.company_id = companies.company_id
order by
    busiest.activity_count desc,
    busiest.total_minutes desc,
    busiest.contact_id asc
