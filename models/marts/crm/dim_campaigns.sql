-- Campaigns that deals and leads came from: those delivered, and those that
-- records only name.
-- Grain: one row per campaign.
with

delivered as (

    select * from {{ ref('int_campaigns__versioned') }}
    where row_status = 'current' and not coalesce(is_deleted, false)

),

named as (

    select * from {{ ref('int_campaigns__named') }}

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}
    where entity = 'campaigns'

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

campaigns as (

    select
        campaign_key as campaign_id,
        name as campaign_name,
        kind as campaign_type,
        status as source_status,
        started_on,
        ended_on,
        is_active,
        currency as currency_code,
        budget_minor,
        cost_minor,
        true as is_delivered,
        _row_id,
        _file_id
    from delivered

    union all

    select
        named.source_campaign as campaign_id,
        named.campaign as campaign_name,
        cast(null as text) as campaign_type,
        cast(null as text) as source_status,
        cast(null as text) as started_on,
        cast(null as text) as ended_on,
        cast(null as boolean) as is_active,
        cast(null as text) as currency_code,
        cast(null as bigint) as budget_minor,
        cast(null as bigint) as cost_minor,
        false as is_delivered,
        named._row_id,
        named._file_id
    from named
    left join delivered on named.source_campaign = delivered.campaign_key
    left join aliases on named.source_campaign = aliases.alias_id
    where delivered.campaign_key is null and aliases.record_id is null

),

final as (

    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.source_status,
        campaigns.started_on,
        campaigns.ended_on,
        campaigns.is_active,
        campaigns.currency_code,
        campaigns.budget_minor,
        campaigns.cost_minor,
        campaigns.is_delivered,
        files.source_name,
        files.instance_name,
        campaigns._row_id,
        campaigns._file_id
    from campaigns
    left join files on campaigns._file_id = files.file_id

)

select * from final
