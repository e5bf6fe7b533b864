-- Identifiers that a contact once had: those of records merged into another.
-- Grain: one row per identifier.
{{ config(materialized='view') }}

select
    contact_record_id as alias_id,
    contact_id
from {{ ref('bridge_contact_records') }}
where not is_primary
