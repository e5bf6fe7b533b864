-- Identifiers that a company once had: those of records merged into another.
-- Grain: one row per identifier.
{{ config(materialized='view') }}

select
    company_record_id as alias_id,
    company_id
from {{ ref('bridge_company_records') }}
where not is_primary

union all

-- those that the source names, of records that no file has
select
    aliases.alias_id,
    clustered.cluster_id as company_id
from {{ ref('int_crm__aliases') }} as aliases
inner join {{ ref('int_companies__clustered') }} as clustered
    on aliases.record_id = clustered.record_id
where
    aliases.entity = 'companies'
    and aliases.alias_id not like 'name:%'
    and aliases.alias_id not in (
        select records.record_id
        from {{ ref('int_companies__clustered') }} as records
    )
    and clustered.cluster_id not in (
        {{ gone_clusters('companies') }}
    )
