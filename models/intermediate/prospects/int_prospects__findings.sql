-- What is wrong with the records of the registers and of the CRM's leads, and
-- with the mappings of registers.
-- Grain: one row per record (or file), rule and column.

with

orgs as (

    select * from {{ ref('int_prospect_orgs__versioned') }}
    where _findings is not null

),

leads as (

    select * from {{ ref('int_salesforce_leads__versioned') }}
    where _findings is not null

),

checks as (

    select * from {{ ref('int_prospects__mapping_checks') }}
    where rule is not null

),

broken as (

    {% for table, record_id in [
        ('orgs', 'org_id'), ('leads', 'lead_id'),
    ] -%}
    {{ 'union all' if not loop.first }}
    select
        'prospects:{{ table }}:' || {{ table }}._row_id as finding_key,
        {{ table }}._file_id as file_id,
        {{ table }}._record as record,
        {{ table }}._line as line,
        {{ table }}.{{ record_id }} as record_id,
        {{ json_value('finding.value', 'rule') }} as rule,
        {{ json_value('finding.value', 'column') }} as column_name,
        {{ json_value('finding.value', 'value') }} as source_value,
        {{ table }}.row_status,
        {{ table }}._row_id as row_id
    from {{ table }}
    {{ json_elements(table ~ '._findings', 'finding') }}
    where {{ table }}.row_status <> 'unchanged'
    {% endfor %}

    union all

    select
        'prospects:' || seed_row as finding_key,
        latest_file_id as file_id,
        null as record,
        null as line,
        register as record_id,
        rule,
        coalesce(unknown_column, target_column) as column_name,
        seed_row as source_value,
        null as row_status,
        null as row_id
    from checks

),

final as (

    select
        finding_key || ':' || rule || ':' || column_name as finding_id,
        file_id,
        record,
        line,
        record_id,
        rule,
        column_name,
        source_value,
        row_status,
        row_id
    from broken

)

select * from final
