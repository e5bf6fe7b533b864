-- Which company each record of a source stands for; one that was merged in the
-- source stands for what it was merged into, a deleted one for none.
-- Grain: one row per record.
{{ config(materialized='view') }}

with

members as (

    {{ identity.identity_members(
        'companies',
        'company_id',
        'company_record_id',
        'crm',
        clusters=ref('int_companies__clustered'),
        records=ref('int_companies__current'),
    ) }}

),

survivors as (

    select
        aliases.alias_id,
        clustered.cluster_id
    from {{ ref('int_crm__aliases') }} as aliases
    inner join {{ ref('int_companies__clustered') }} as clustered
        on aliases.record_id = clustered.record_id
    where aliases.entity = 'companies'

),

final as (

    select
        members.company_record_id,
        coalesce(survivors.cluster_id, members.company_id) as company_id,
        members.source_name,
        members._row_id,
        members._file_id,
        members.company_record_id
        = coalesce(survivors.cluster_id, members.company_id) as is_primary
    from members
    left join survivors on members.company_record_id = survivors.alias_id
    where
        coalesce(survivors.cluster_id, members.company_id) not in (
            {{ gone_clusters('companies') }}
        )

)

select * from final
