-- The contacts of each deal: its main one, those of its system's list, and
-- those with a role.
-- Grain: one row per deal and contact.
{{ config(materialized='view') }}

with

deals as (

    select * from {{ ref('fct_opportunities') }}

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}

),

listed as (

    select
        opportunity_id,
        contact_ids,
        replace({{ json_array_text(['contact_ids']) }}, ';', '","') as list
    from {{ ref('int_opportunities__versioned') }}
    where row_status = 'current' and contact_ids is not null

),

members as (

    select
        opportunity_id,
        source_contact_id,
        1 as is_main,
        cast(null as text) as role,
        0 as place
    from deals
    where source_contact_id is not null

    union all

    select
        listed.opportunity_id,
        trim(member.value) as source_contact_id,
        0 as is_main,
        cast(null as text) as role,
        {{ cleaning.position_of('listed.contact_ids', 'trim(member.value)') }}
            as place
    from listed
    {{ json_elements('listed.list', 'member') }}

    union all

    select
        {{ led_to('deal_aliases', 'roles.source_opportunity_id') }}
            as opportunity_id,
        roles.source_contact_id,
        case when roles.is_primary then 1 else 0 end as is_main,
        roles.role,
        1000000 as place
    from {{ ref('int_opportunity_contacts__versioned') }} as roles
    left join aliases as deal_aliases
        on
            deal_aliases.entity = 'opportunities'
            and roles.source_opportunity_id = deal_aliases.alias_id
    where roles.row_status = 'current' and not coalesce(roles.is_deleted, false)

),

led as (

    select
        members.opportunity_id,
        contacts.cluster_id as contact_id,
        members.is_main,
        members.role,
        members.place
    from members
    inner join deals on members.opportunity_id = deals.opportunity_id
    left join aliases
        on
            aliases.entity = 'contacts'
            and members.source_contact_id = aliases.alias_id
    inner join {{ ref('int_contacts__clustered') }} as contacts
        on {{ led_to('aliases', 'members.source_contact_id') }}
            = contacts.record_id
    where
        contacts.cluster_id not in (
            {{ gone_clusters('contacts') }}
        )

),

distinct_members as (

    select
        opportunity_id,
        contact_id,
        max(is_main) as is_main,
        min(role) as role,
        min(place) as place
    from led
    group by opportunity_id, contact_id

),

final as (

    select
        opportunity_id,
        contact_id,
        is_main = 1 as is_primary,
        role,
        row_number() over (
            partition by opportunity_id
            order by is_main desc, place asc, contact_id asc
        ) as position
    from distinct_members

)

select * from final
