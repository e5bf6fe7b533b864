-- Identifiers that a company once had: those of records merged into another.
-- Grain: one row per identifier.
{{ config(materialized='view') }}

select
    company_record_id as alias_id,
    company_id
from {{ ref('bridge_company_records') }}
where not is_primary
