-- A decision on an unknown record, entity or word decides nothing.
{{ config(severity='warn') }}
select
    line,
    fault
from {{ ref('rpt_identity_faults') }}
