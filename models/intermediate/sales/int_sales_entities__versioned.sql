-- Customers, products, stores and salespeople as delivered, with the version
-- that each record stands for. Four small exports that differ only in their
-- columns, so they share one model and keep those as JSON.
-- Grain: one row per record landed.
{%- set entities = {
    'customers': [ref('stg_sales__customers'), 'customer_id', [
        'full_name', 'first_name', 'last_name', 'address', 'postal_code',
        'phone', 'joined_date',
    ]],
    'products': [ref('stg_sales__products'), 'product_id', [
        'source_product_id', 'product_name', 'price_cents', 'old_price_cents',
        'created_at', 'expiry_date',
    ]],
    'stores': [ref('stg_sales__stores'), 'store_id', [
        'address', 'postal_code', 'manager_name', 'reviews', 'opened_date',
    ]],
    'salespeople': [ref('stg_sales__salespeople'), 'salesperson_id', [
        'source_manager_id', 'full_name', 'first_name', 'last_name', 'address',
        'postal_code', 'is_manager', 'joined_date',
    ]],
} %}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='entity_key',
    indexes=[
        {'columns': ['entity_key', 'version_number']},
        {'columns': ['table_name', '_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}

with

delivered as (

    {% for table, (relation, entity_id, columns) in entities.items() -%}
    {%- set attributes = {} -%}
    {%- for column in columns -%}
    {#- JSON of one engine says true, that of another 1 -#}
    {%- do attributes.update({
        column: 'case when ' ~ column ~ ' then 1 when not ' ~ column
            ~ ' then 0 end' if column.startswith('is_') else column
    }) -%}
    {%- endfor -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        '{{ table }}:' || {{ entity_id }} as entity_key,
        {{ entity_id }} as entity_id,
        {{ json_object_text(attributes) }} as attributes,
        _changed_at,
        {{ lineage_columns() }}
    from ({{ touched_rows(relation, entity_id) }}) as touched
    {% endfor %}

),

in_error as (

    select distinct
        table_name,
        _row_id
    from {{ ref('int_sales__row_findings') }}
    where severity = 'critical'

),

judged as (

    select
        delivered.*,
        in_error._row_id is not null as is_error
    from delivered
    left join in_error
        on
            delivered.table_name = in_error.table_name
            and delivered._row_id = in_error._row_id
    {{ computed_once() }}

),

versioned as (

    {{ version_rows('judged', key='entity_key', state=['attributes']) }}

),

final as (

    select
        table_name,
        entity_key,
        entity_id,
        attributes,
        version_number,
        row_status,
        valid_from,
        last_changed_at,
        latest_file_id,
        min(case when row_status <> 'error' then _file_id end) over (
            partition by entity_key
        ) as first_file_id,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned

)

select * from final
