-- A line of accepted_findings that no finding is like accepts nothing.
{{ config(severity='warn') }}
select seed_line
from {{ ref('rpt_accepted_findings') }}
where finding_count = 0 and not is_expired
