-- Every finding about a delivered record or file, with file and line.
-- Grain: one row per record (or file), rule and column.
{{ config(indexes=[
    {'columns': ['rule', 'severity']},
    {'columns': ['table_name', 'record_id']},
]) }}

with

findings as (

    select * from {{ ref('int_crm__findings') }}
    union all
    select * from {{ ref('int_leads__findings') }}
    union all
    select * from {{ ref('int_prospects__findings') }}
    union all
    select * from {{ ref('int_sales__findings') }}
    union all
    select * from {{ ref('int_operations__findings') }}

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

rules as (

    select * from {{ ref('rules') }}

),

final as (

    select
        findings.finding_id,
        files.source_name,
        files.table_name,
        files.file_id,
        files.file_name,
        findings.record,
        findings.line,
        findings.record_id,
        rules.rule,
        rules.severity,
        rules.quality_dimension,
        rules.severity = 'critical'
        or coalesce(findings.row_status, '') = 'rejected' as is_error,
        rules.description as error_description,
        findings.column_name,
        findings.source_value,
        findings.row_status,
        findings.row_id,
        files.loaded_at
    from findings
    inner join files on findings.file_id = files.file_id
    inner join rules on findings.rule = rules.rule

)

select * from final
