-- Every finding about a delivered record or file, with file and line, and with
-- the cut or refused file that it follows from. A code or currency that no
-- lookup knows is reported at its first record alone.
-- Grain: one row per record (or file), rule and column.
{{ config(indexes=[
    {'columns': ['rule', 'severity']},
    {'columns': ['table_name', 'record_id']},
]) }}

with

findings as (

    {{ domain_findings() }}

),

unknown_codes as (

    select * from {{ ref('int_operations__unknown_codes') }}

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

rules as (

    select * from {{ ref('rules') }}

),

declared as (

    {{ declared_references() }}

),

-- Of each table the newest file that is refused or not whole, and the first
-- that was whole.
cut as (

    select
        found.finding_id,
        files.source_name,
        files.table_name,
        files.file_id,
        files.batch_id,
        files.record_count,
        row_number() over (
            partition by files.source_name, files.table_name
            order by files.file_id desc
        ) as place
    from findings as found
    inner join files on found.file_id = files.file_id
    where found.rule in ('file_cut', 'file_refused')

),

whole as (

    select
        source_name,
        table_name,
        min(batch_id) as first_batch_id
    from files
    where status = 'landed' and cut_reason is null
    group by source_name, table_name

),

-- What a reference can lack because of it; not what was unknown before, when
-- the table was whole.
lacking as (

    select
        declared.source_name,
        declared.table_name,
        declared.column_name,
        cut.finding_id,
        cut.batch_id,
        whole.first_batch_id
    from declared
    inner join cut
        on
            declared.to_source_name = cut.source_name
            and declared.to_table_name = cut.table_name
            and cut.place = 1
    left join whole
        on
            cut.source_name = whole.source_name
            and cut.table_name = whole.table_name

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
        coalesce(unknown_codes.occurrence_count, 1) as occurrence_count,
        files.loaded_at,
        coalesce(lacking.finding_id, torn.finding_id) as cause_finding_id
    from findings
    inner join files on findings.file_id = files.file_id
    inner join rules on findings.rule = rules.rule
    left join unknown_codes
        on
            findings.rule in ('code_unknown', 'currency_unknown')
            and findings.finding_id = unknown_codes.finding_id
    left join lacking
        on
            findings.rule in ('reference_unknown', 'product_not_in_catalogue')
            and files.source_name = lacking.source_name
            and files.table_name = lacking.table_name
            and findings.column_name = lacking.column_name
            and (
                files.batch_id >= lacking.batch_id
                or lacking.first_batch_id is null
                or files.batch_id < lacking.first_batch_id
            )
    -- the record at which it was cut, and the number of those before
    left join cut as torn
        on
            findings.file_id = torn.file_id
            and (
                findings.rule = 'row_count_jumped'
                or (
                    findings.rule = 'row_unreadable'
                    and findings.record = torn.record_count
                )
            )
    where coalesce(unknown_codes.place, 1) = 1

)

select * from final
