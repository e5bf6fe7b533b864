-- Whom could we sell more? Organisations that buy and have no open deal, and
-- open deals whose organisation buys already.
-- Grain: one row per organisation without an open deal, and per open deal.
{{ config(materialized='view') }}

with

buyers as (

    select * from {{ ref('rpt_customer_journey') }}
    where customer_kind = 'organisation' and purchase_count > 0

),

deals as (

    select
        deals.*,
        coalesce(deals.organisation_id, people.organisation_id) as buyer_id
    from {{ ref('fct_opportunities') }} as deals
    left join {{ ref('dim_people') }} as people
        on deals.person_id = people.person_id
    where deals.is_closed is not true

),

-- of the companies that an organisation is, the one that stands for it first
owners as (

    select
        records.organisation_id,
        min(companies.owner_id) as owner_id
    from {{ ref('bridge_organisation_records') }} as records
    inner join {{ ref('dim_companies') }} as companies
        on records.record_id = 'company:' || companies.company_id
    where records.record_kind = 'company'
    group by records.organisation_id

),

found as (

    select
        'no_open_deal' as whitespace_kind,
        buyers.customer_id as organisation_id,
        cast(null as text) as opportunity_id,
        cast(null as text) as opportunity_name,
        cast(null as text) as stage,
        owners.owner_id,
        buyers.currency_code,
        buyers.revenue_minor as amount_minor,
        cast(null as text) as close_date
    from buyers
    left join owners on buyers.customer_id = owners.organisation_id
    where buyers.open_deal_count = 0

    union all

    select
        'buyer_with_open_deal' as whitespace_kind,
        deals.buyer_id as organisation_id,
        deals.opportunity_id,
        deals.opportunity_name,
        deals.stage,
        deals.owner_id,
        deals.currency_code,
        deals.amount_minor,
        deals.close_date
    from deals

),

final as (

    select
        {{ json_array_text([
            'found.organisation_id', 'found.opportunity_id'
        ]) }} as whitespace_id,
        found.whitespace_kind,
        found.organisation_id,
        buyers.customer_name as organisation_name,
        found.opportunity_id,
        found.opportunity_name,
        found.stage,
        found.owner_id,
        found.currency_code,
        found.amount_minor,
        {{ main_units('found.amount_minor', 'found.currency_code') }} as amount,
        found.close_date,
        buyers.last_purchase_at,
        buyers.purchase_count,
        buyers.currency_count
    from found
    inner join buyers on found.organisation_id = buyers.customer_id

)

select * from final
