-- Findings that somebody has accepted: what each line of the seed is about.
-- Grain: one row per line of accepted_findings.
{{ config(materialized='view') }}

with

acceptances as (

    {{ numbered_acceptances() }}

),

final as (

    select
        seed_line,
        rule,
        source_name,
        table_name,
        column_name,
        record_id,
        source_value,
        file_name,
        record,
        accepted_until,
        accepted_by,
        accepted_on,
        reason,
        -- by which of them findings are looked up
        case
            when record_id is not null then 'record'
            when record is not null then 'place'
            when source_value is not null then 'value'
            else 'rule'
        end as named_by
    from acceptances
    where rule is not null

)

select * from final
