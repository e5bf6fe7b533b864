-- Who orders, pays and subscribes, as orders, payments and subscriptions name
-- them. One whom none names any more is gone.
-- Grain: one row per customer that is named, without an identifier per address
-- and source.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='buyer_key',
    indexes=[
        {'columns': ['buyer_key'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}
{%- set documents = {
    'int_order_lines__versioned': [10, 'ordered_at', 'country'],
    'int_payments__versioned': [11, 'created_at', 'cast(null as text)'],
    'int_subscriptions__versioned': [12, 'created_at', 'cast(null as text)'],
} %}

with

files as (

    select
        file_id,
        id_scope
    from {{ ref('stg_ingest__files') }}

),

touched as (

    {% for document in documents -%}
    {{ 'union' if not loop.first }}
    select
        {{ buyer_key('named.customer_id', 'named.email', 'files.id_scope') }}
            as buyer_key
    from {{ ref(document) }} as named
    inner join files on named._file_id = files.file_id
    where named.latest_file_id > {{ watermark() }}
    {% endfor %}

),

named as (

    {% for document, (place, at, country) in documents.items() -%}
    {{ 'union all' if not loop.first }}
    select
        {{ buyer_key('named.customer_id', 'named.email', 'files.id_scope') }}
            as buyer_key,
        coalesce(named.customer_id, {{ cleaning.lower_text('named.email') }})
            as source_record_id,
        abs(named._row_id) * 16 + {{ place }} as row_number,
        named.customer_id,
        named.email,
        named.customer_name,
        {{ country }} as country,
        named.{{ at }} as named_at,
        named.row_status = 'current' and not named.is_gone as is_named,
        named.latest_file_id,
        abs(named._row_id) as _row_id,
        named._file_id
    from {{ ref(document) }} as named
    inner join files on named._file_id = files.file_id
    where
        named.row_status <> 'error'
        and coalesce(named.customer_id, named.email) is not null
    {% endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by buyer_key
            order by
                is_named desc, customer_name is null asc,
                named_at desc nulls last, row_number asc
        ) as place,
        min(row_number) over of_buyer as record_number,
        max(latest_file_id) over of_buyer as buyer_file_id,
        min(case when is_named then named_at end) over of_buyer as created_at,
        max(case when is_named then named_at end) over of_buyer as changed_at,
        max(case when is_named then email end) over of_buyer as buyer_email,
        max(case when is_named then country end) over of_buyer
            as buyer_country
    from named
    where buyer_key in (select touched.buyer_key from touched)
    window of_buyer as (partition by buyer_key)

),

final as (

    select
        buyer_key,
        source_record_id,
        record_number,
        customer_id,
        buyer_email as email,
        customer_name as full_name,
        buyer_country as country,
        not is_named as is_gone,
        created_at,
        changed_at,
        buyer_file_id as latest_file_id,
        _row_id,
        _file_id
    from ranked
    where place = 1

)

select * from final
