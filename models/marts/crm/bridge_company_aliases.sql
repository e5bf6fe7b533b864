-- Identifiers that a company once had: of records that were merged into another.
-- Grain: one row per identifier.
{{ config(materialized='view') }}

select
    company_record_id as alias_id,
    company_id
from {{ ref('bridge_company_records') }}
where not is_primary
