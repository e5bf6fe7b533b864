-- How many leads had been sold to by a day, of those that came from one state
-- in one month and were known by then. A day adds its own rows; only a day that
-- comes late changes the ones after it.
-- Grain: one row per day, state and month of entry.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='snapshot_date',
    post_hook="
        delete from {{ this }}
        where
            not exists (
                select 1 from {{ ref('int_lead_snapshots__matched') }} as present
                where
                    present.snapshot_date
                    = rpt_lead_conversion_daily.snapshot_date
                    and present.row_status = 'current'
            )
    ",
) }}
{%- set one = cleaning.as_double('1.0') %}

with

cohorts as (

    select distinct
        snapshot_date,
        state,
        substr(entry_date, 1, 7) as entry_month
    from {{ ref('int_lead_snapshots__matched') }}
    where
        row_status = 'current'
        and state is not null
        and entry_date is not null
        and snapshot_date >= (
            select min(files.snapshot_date) as snapshot_date
            from {{ ref('int_leads__files') }} as files
            where files.file_id > {{ watermark() }}
        )

),

leads as (

    select * from {{ ref('dim_leads_history') }}

),

final as (

    select
        cohorts.snapshot_date,
        cohorts.state,
        cohorts.entry_month,
        count(*) as lead_count,
        sum(case when leads.has_been_sold then 1 else 0 end) as sold_count,
        {{ one }} * sum(case when leads.has_been_sold then 1 else 0 end)
        / count(*) as conversion_rate
    from cohorts
    inner join leads
        on
            cohorts.state = leads.state
            and cohorts.entry_month = leads.entry_month
            and cohorts.snapshot_date >= leads.valid_from
    where leads.valid_to is null or leads.valid_to > cohorts.snapshot_date
    group by cohorts.snapshot_date, cohorts.state, cohorts.entry_month

)

select * from final
