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

inputs as (

    {% for position in range(1, register_inputs() + 1) -%}
    {{ 'union all' if not loop.first }}
    select
        _file_id,
        {{ list_item('source_columns', ';', position) }} as source_column,
        path_{{ position }} as header_path,
        max(path_{{ position }}) over (
            partition by register, target_column, source_columns
        ) as known_path
    from {{ ref('int_prospects__file_mappings') }}
    where {{ list_item('source_columns', ';', position) }} is not null
    {% endfor %}

),

absent as (

    select distinct
        _file_id as file_id,
        source_column as header
    from inputs
    where header_path is null and known_path is not null

),

unmapped as (

    -- reported with the first file that has it
    select
        headers.header,
        min(headers._file_id) as file_id
    from {{ ref('int_prospects__file_headers') }} as headers
    left join inputs
        on
            headers._file_id = inputs._file_id
            and '$."' || headers.header || '"' = inputs.header_path
    where inputs.header_path is null
    group by headers.register, headers.header

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

    {% for table, rule in [
        ('absent', 'mapped_column_absent'), ('unmapped', 'column_unexpected'),
    ] -%}
    union all

    select
        'prospects:file:' || file_id as finding_key,
        file_id,
        null as record,
        null as line,
        null as record_id,
        '{{ rule }}' as rule,
        header as column_name,
        null as source_value,
        null as row_status,
        null as row_id
    from {{ table }}

    {% endfor %}
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
