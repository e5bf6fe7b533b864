-- Which rules cost which column its score on a day, with a row to look at.
-- Grain: one row per source table, day, column and rule.
{{ config(materialized='table') }}

with

findings as (

    select * from {{ ref('fct_row_errors') }}
    where table_name is not null and cause_finding_id is null

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

rules as (

    select * from {{ ref('rules') }}

),

counted as (

    select
        findings.source_name,
        findings.table_name,
        substr(coalesce(files.delivered_at, files.loaded_at), 1, 10)
            as delivery_day,
        coalesce(findings.column_name, 'record') as column_name,
        findings.rule,
        count(*) as finding_count,
        count(case when findings.record is null then 1 end) as file_count,
        min(findings.finding_id) as example_finding_id
    from findings
    inner join files on findings.file_id = files.file_id
    group by 1, 2, 3, 4, 5

),

final as (

    select
        counted.source_name || ':' || counted.table_name || ':'
        || counted.delivery_day || ':' || counted.column_name || ':'
        || counted.rule as score_rule_id,
        counted.source_name,
        counted.table_name,
        counted.delivery_day,
        counted.column_name,
        counted.rule,
        rules.quality_dimension,
        rules.severity,
        rules.weight,
        counted.finding_count,
        counted.file_count,
        counted.example_finding_id,
        examples.file_id as example_file_id,
        examples.file_name as example_file_name,
        examples.line as example_line,
        examples.source_value as example_value
    from counted
    inner join rules on counted.rule = rules.rule
    inner join findings as examples
        on counted.example_finding_id = examples.finding_id

)

select * from final
