-- The row rules broken by delivered records, one by one.
-- Grain: one row per record, rule and column.
{{ config(
    materialized='incremental',
    indexes=[
        {'columns': ['severity', 'table_name']},
        {'columns': ['_file_id']},
    ],
) }}
{%- set tables = [
    ('companies', ref('stg_crm__companies'), 'company_id'),
    ('contacts', ref('stg_crm__contacts'), 'contact_id'),
    ('opportunities', ref('stg_crm__opportunities'), 'opportunity_id'),
    ('activities', ref('stg_crm__activities'), 'activity_id'),
] %}

with

broken as (

    {% for table, relation, record_id in tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        {{ table }}.{{ record_id }} as record_id,
        {{ json_value('finding.value', 'rule') }} as rule,
        {{ json_value('finding.value', 'column') }} as column_name,
        {{ json_value('finding.value', 'value') }} as source_value,
        {{ table }}._row_id,
        {{ table }}._file_id
    from {{ relation }} as {{ table }}
    {{ json_elements(table ~ '._findings', 'finding') }}
    where
        {{ table }}._findings is not null
        and {{ table }}._file_id > {{ watermark() }}
    {% endfor %}

),

numbered as (

    {% for table, relation, record_id in tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        {{ record_id }} as record_id,
        row_number() over (
            partition by _file_id, {{ record_id }} order by _record
        ) as occurrence,
        _row_id,
        _file_id
    from {{ relation }}
    where {{ record_id }} is not null and _file_id > {{ watermark() }}
    {% endfor %}

),

repeated as (

    select
        table_name,
        record_id,
        'id_repeated_in_file' as rule,
        'id' as column_name,
        record_id as source_value,
        _row_id,
        _file_id
    from numbered
    where occurrence > 1

),

findings as (

    select * from broken
    union all
    select * from repeated

),

final as (

    select
        findings.table_name,
        findings.record_id,
        findings.rule,
        rules.severity,
        findings.column_name,
        findings.source_value,
        findings._row_id,
        findings._file_id
    from findings
    left join {{ ref('rules') }} as rules on findings.rule = rules.rule

)

select * from final
