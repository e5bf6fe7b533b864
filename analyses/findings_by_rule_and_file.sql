-- How far can the figures be trusted, and which export needs mending? Findings
-- by rule and file, the gravest first; the line is where to look first.
with

findings as (

    select * from {{ ref('fct_row_errors') }}

)

select
    severity,
    rule,
    error_description,
    source_name,
    table_name,
    file_name,
    count(*) as finding_count,
    min(line) as first_line
from findings
group by
    severity,
    rule,
    error_description,
    source_name,
    table_name,
    file_id,
    file_name
order by
    case severity
        when 'critical' then 1
        when 'error' then 2
        when 'warning' then 3
        else 4
    end asc,
    finding_count desc,
    rule asc,
    file_id asc
