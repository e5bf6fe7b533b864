-- Which company each record of a source stands for.
-- Grain: one row per record.
{{ config(materialized='view') }}

select
    clustered.record_id as company_record_id,
    clustered.cluster_id as company_id,
    'crm' as source_name,
    records._row_id,
    records._file_id,
    clustered.record_id = clustered.cluster_id as is_primary
from {{ ref('int_companies__clustered') }} as clustered
inner join {{ ref('int_companies__current') }} as records
    on clustered.record_id = records.company_id
