-- Findings of codes and currencies that no lookup knows, of which the first of
-- each value is shown: what else has the value counts in the scores.
-- Grain: one row per finding of such a code.
{{ config(indexes=[{'columns': ['finding_id'], 'unique': true}]) }}

with

findings as (

    {{ domain_findings() }}

),

files as (

    select * from {{ ref('stg_ingest__files') }}

),

unknown as (

    select
        findings.finding_id,
        findings.file_id,
        findings.record,
        findings.column_name,
        findings.rule,
        files.source_name || '.' || files.table_name || '.'
        || findings.column_name || ':' || findings.rule || ':'
        || case findings.rule
            -- the sign beside an amount
            when 'currency_unknown' then {{ cleaning.code_key(
                cleaning.replace_each(
                    'findings.source_value', '0123456789., ' | list, ''
                )
            ) }}
            else {{ cleaning.code_key('findings.source_value') }}
        end as code_key
    from findings
    inner join files on findings.file_id = files.file_id
    where findings.rule in ('code_unknown', 'currency_unknown')

),

final as (

    select
        finding_id,
        file_id,
        record,
        column_name,
        rule,
        row_number() over (
            partition by code_key order by file_id, record, finding_id
        ) as place,
        count(*) over (partition by code_key) as occurrence_count
    from unknown

)

select * from final
