-- Which lead numbers are one person: the lead of the earliest entry stands for
-- them all.
-- Grain: one row per lead number.
{{ config(materialized='view') }}

select
    clustered.record_id as lead_number,
    clustered.cluster_id as primary_lead_number,
    'leads' as source_name,
    leads._row_id,
    leads._file_id,
    clustered.record_id = clustered.cluster_id as is_primary
from {{ ref('int_leads__clustered') }} as clustered
inner join {{ ref('int_leads__current') }} as leads
    on clustered.record_id = leads.lead_number
