-- What is wrong with sales and with what they refer to: the row rules they
-- break, and the rules that need other rows. Reads the marts: it judges what
-- users see.
-- Grain: one row per record, rule and column.
{{ config(materialized='view') }}

with

row_states as (

    select
        'transactions' as table_name,
        row_status,
        _row_id,
        _file_id,
        _record,
        _line
    from {{ ref('int_sales__versioned') }}

    union all

    select
        table_name,
        row_status,
        _row_id,
        _file_id,
        _record,
        _line
    from {{ ref('int_sales_entities__versioned') }}

),

findings as (

    select
        table_name,
        record_id,
        rule,
        column_name,
        source_value,
        _row_id
    from {{ ref('int_sales__row_findings') }}

    {%- for table, relation, record_id, key, given, column in [
        ('transactions', ref('fct_sales'), 'source_sale_id',
            'customer_id', 'source_customer_id', 'customer_id'),
        ('transactions', ref('fct_sales'), 'source_sale_id',
            'store_id', 'source_store_id', 'store_id'),
        ('transactions', ref('fct_sales'), 'source_sale_id',
            'salesperson_id', 'source_salesperson_id', 'sales_person_id'),
        ('salespeople', ref('dim_salespeople'), 'salesperson_id',
            'manager_id', 'source_manager_id', 'manager_id'),
    ] %}

    union all

    select
        '{{ table }}' as table_name,
        {{ record_id }} as record_id,
        'reference_unknown' as rule,
        '{{ column }}' as column_name,
        {{ given }} as source_value,
        _row_id
    from {{ relation }}
    where
        {{ key }} is null
        and {{ given }} is not null
        and not {{ is_list(given) }}
    {%- endfor %}

    union all

    select
        'transactions' as table_name,
        null as record_id,
        'product_not_in_catalogue' as rule,
        'product_name' as column_name,
        product_name as source_value,
        _row_id
    from {{ ref('dim_products') }}
    where not is_in_catalogue

),

final as (

    -- a record sent again unchanged is not wrong twice, but it can stand twice
    -- in one file
    select
        'sales:' || findings.table_name || ':' || findings._row_id || ':'
        || findings.rule || ':' || findings.column_name as finding_id,
        row_states._file_id as file_id,
        row_states._record as record,
        row_states._line as line,
        findings.record_id,
        findings.rule,
        findings.column_name,
        findings.source_value,
        row_states.row_status,
        findings._row_id as row_id
    from findings
    inner join row_states
        on
            findings.table_name = row_states.table_name
            and findings._row_id = row_states._row_id
    where
        row_states.row_status <> 'unchanged'
        or findings.rule = 'id_repeated_in_file'

)

select * from final
