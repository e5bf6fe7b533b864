-- Which contact each record of a source stands for; one that was merged in the
-- source stands for what it was merged into, a deleted one for none.
-- Grain: one row per record.
{{ config(materialized='view') }}

with

members as (

    {{ identity.identity_members(
        'contacts',
        'contact_id',
        'contact_record_id',
        'crm',
        clusters=ref('int_contacts__clustered'),
        records=ref('int_contacts__current'),
    ) }}

),

survivors as (

    select
        aliases.alias_id,
        clustered.cluster_id
    from {{ ref('int_crm__aliases') }} as aliases
    inner join {{ ref('int_contacts__clustered') }} as clustered
        on aliases.record_id = clustered.record_id
    where aliases.entity = 'contacts'

),

final as (

    select
        members.contact_record_id,
        coalesce(survivors.cluster_id, members.contact_id) as contact_id,
        members.source_name,
        members._row_id,
        members._file_id,
        members.contact_record_id
        = coalesce(survivors.cluster_id, members.contact_id) as is_primary
    from members
    left join survivors on members.contact_record_id = survivors.alias_id
    where
        coalesce(survivors.cluster_id, members.contact_id) not in (
            {{ gone_clusters('contacts') }}
        )

)

select * from final
