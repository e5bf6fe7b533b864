-- Identifiers that a contact once had: those of records merged into another.
-- Grain: one row per identifier.
{{ config(materialized='view') }}

select
    contact_record_id as alias_id,
    contact_id
from {{ ref('bridge_contact_records') }}
where not is_primary

union all

-- those that the source names, of records that no file has
select
    aliases.alias_id,
    clustered.cluster_id as contact_id
from {{ ref('int_crm__aliases') }} as aliases
inner join {{ ref('int_contacts__clustered') }} as clustered
    on aliases.record_id = clustered.record_id
where
    aliases.entity = 'contacts'
    and aliases.alias_id not like 'name:%'
    and aliases.alias_id not in (
        select records.record_id
        from {{ ref('int_contacts__clustered') }} as records
    )
    and clustered.cluster_id not in (
        {{ gone_clusters('contacts') }}
    )
