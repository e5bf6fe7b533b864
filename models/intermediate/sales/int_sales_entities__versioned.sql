-- Customers, products, stores and salespeople as delivered, with the version
-- that each record stands for. Four small exports that differ only in their
-- columns, so they share one model and keep those as JSON.
-- Grain: one row per record landed.
{#- Of each: its staging model, its key there, and its attributes with the
    columns that they are read from. -#}
{%- set entities = {
    'customers': [ref('stg_sales__customers'), 'customer_id', {
        'first_name': 'first_name', 'last_name': 'last_name',
        'address': 'address', 'postal_code': 'postal_code', 'phone': 'phone',
        'joined_date': 'joined_date',
    }],
    'products': [ref('stg_sales__products'), 'product_id', {
        'source_product_id': 'id', 'product_name': none,
        'price_cents': 'current_price', 'old_price_cents': 'old_price',
        'created_at': 'created_date', 'expiry_date': 'expiry_date',
    }],
    'stores': [ref('stg_sales__stores'), 'store_id', {
        'address': 'address', 'postal_code': 'postal_code',
        'manager_name': 'manager_name', 'reviews': 'reviews',
        'opened_date': 'opened_date',
    }],
    'salespeople': [ref('stg_sales__salespeople'), 'salesperson_id', {
        'source_manager_id': 'manager_id', 'first_name': 'first_name',
        'last_name': 'last_name', 'address': 'address',
        'postal_code': 'postal_code', 'is_manager': 'is_manager',
        'joined_date': 'joined_date',
    }],
} %}
{%- set types = {
    'price_cents': 'bigint', 'old_price_cents': 'bigint',
    'is_manager': 'boolean',
} %}
{%- set absences = ref('int_sales__absences') %}
{%- set full_name = "nullif(trim(coalesce(first_name, '') || ' '"
    ~ " || coalesce(last_name, '')), '')" %}
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

in_error as (

    select distinct
        table_name,
        _row_id
    from {{ ref('int_sales__row_findings') }}
    where severity = 'critical'

),

{% for table, (relation, entity_id, attributes) in entities.items() -%}
{%- set columns = dict({'entity_id': none}, **attributes) -%}
{%- set state = attributes | list -%}
{%- if 'phone' in attributes -%}
{%- do columns.update({'phone_key': 'phone'}) -%}
{%- set state = state | reject('equalto', 'phone') | list + ['phone_key'] -%}
{%- endif -%}
{{ table }}_delivered as (

    {{ touched_rows(relation, entity_id, absences, table) }}

),

{% if 'phone' in attributes -%}
{{ table }}_respelt as (

    {{ phones_alike(table ~ '_delivered', entity_id, 'phone') }}

),

{% endif -%}
{{ table }} as (

    select
        touched.{{ entity_id }} as entity_id,
        {%- if 'phone' in attributes %}
        coalesce(respelt.alike, touched.phone) as phone_key,
        {%- endif %}
        {%- for attribute in attributes %}
        touched.{{ attribute }},
        {%- endfor %}
        touched._changed_at,
        touched._row_id,
        touched._file_id,
        touched._record,
        touched._line,
        touched._delivered_at,
        touched._loaded_at,
        0 as _is_absent,
        in_error._row_id is not null as is_error
    from {{ table }}_delivered as touched
    left join in_error
        on
            in_error.table_name = '{{ table }}'
            and touched._row_id = in_error._row_id
    {%- if 'phone' in attributes %}
    left join {{ table }}_respelt as respelt
        on
            touched.{{ entity_id }} = respelt.{{ entity_id }}
            and touched.phone = respelt.spelling
    {%- endif %}

    union all

    select
        absences.record_id as entity_id,
        {{ 'null as phone_key,' if 'phone' in attributes }}
        {%- for attribute in attributes %}
        null as {{ attribute }},
        {%- endfor %}
        {{ absent_lineage() }},
        false as is_error
    from {{ absences }} as absences
    where
        absences.table_name = '{{ table }}'
        and absences.record_id is not null
        and (
            {{ watermark() }} < 0
            or absences.record_id in (
                select touched.{{ entity_id }}
                from {{ table }}_delivered as touched
            )
        )

),

{{ table }}_files as (

    {{ delivered_files(
        'sales', table, attributes.values(), absences=absences
    ) }}

),

{{ table }}_gapped as (

    {{ gapped_rows(
        table, 'entity_id', absences, table, files=table ~ '_files'
    ) }}

),

{{ table }}_versioned as (

    {{ version_rows(
        table,
        key='entity_id',
        columns=columns,
        state=state,
        files=table ~ '_files',
        types=types,
        absences=absences,
        gapped=table ~ '_gapped',
    ) }}

),

{% endfor -%}

together as (

    {% for table, (relation, entity_id, attributes) in entities.items() -%}
    {%- set values = {} -%}
    {%- if 'first_name' in attributes -%}
    {%- do values.update({'full_name': full_name}) -%}
    {%- endif -%}
    {%- for attribute in attributes -%}
    {#- JSON of one engine says true, that of another 1 -#}
    {%- do values.update({
        attribute: 'case when ' ~ attribute ~ ' then 1 when not ' ~ attribute
            ~ ' then 0 end' if types.get(attribute) == 'boolean' else attribute
    }) -%}
    {%- endfor -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        '{{ table }}:' || entity_id as entity_key,
        entity_id,
        {{ json_object_text(values) }} as attributes,
        is_absent as is_gone,
        version_number,
        row_status,
        valid_from,
        last_changed_at,
        latest_file_id,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from {{ table }}_versioned
    {% endfor %}

),

final as (

    select
        table_name,
        entity_key,
        entity_id,
        attributes,
        is_gone,
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
    from together

)

select * from final
