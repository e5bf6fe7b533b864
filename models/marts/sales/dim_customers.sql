-- Customers of the shops as last delivered, in files of sales and of shop
-- systems.
-- Grain: one row per customer.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='customer_id',
    indexes=[{'columns': ['first_file_id']}],
    post_hook="{{ caught_up() }}",
) }}
{%- set shop_customers = ref('int_shop_customers__versioned') %}
{%- set people = ref('int_people__linked') %}

with

entities as (

    {{ touched_states(ref('int_sales_entities__versioned'), 'entity_key', [
        [people, 'source_record_id', 'entity_id'],
    ]) }}

),

of_shops as (

    {{ touched_states(shop_customers, 'customer_key', [
        [people, 'source_record_id', 'customer_key'],
    ]) }}

),

given as (

    select
        entity_id as customer_id,
        'customer:' || entity_id as record_id,
        {{ json_value('attributes', 'full_name') }} as full_name,
        {{ json_value('attributes', 'first_name') }} as first_name,
        {{ json_value('attributes', 'last_name') }} as last_name,
        {{ json_value('attributes', 'address') }} as address,
        {{ json_value('attributes', 'postal_code') }} as postal_code,
        {{ json_value('attributes', 'phone') }} as phone,
        {{ json_value('attributes', 'joined_date') }} as joined_date,
        is_gone as is_deleted,
        first_file_id,
        latest_file_id,
        abs(_row_id) as _row_id,
        _file_id
    from entities
    where table_name = 'customers'

    union all

    select
        {{ shop_customer_id('files.id_scope', 'of_shops.customer_key') }}
            as customer_id,
        'shop_customer:' || of_shops.customer_key as record_id,
        coalesce(of_shops.full_name, nullif(trim(
            coalesce(of_shops.first_name, '')
            || ' ' || coalesce(of_shops.last_name, '')
        ), '')) as full_name,
        of_shops.first_name,
        of_shops.last_name,
        nullif(trim(coalesce(
            of_shops.city || ', ' || of_shops.country, of_shops.city, ''
        )), '') as address,
        cast(null as text) as postal_code,
        of_shops.phone,
        cast(null as text) as joined_date,
        of_shops.is_gone as is_deleted,
        (
            select min(early._file_id) as first_file_id
            from {{ shop_customers }} as early
            where
                early.customer_key = of_shops.customer_key
                and early.row_status <> 'error'
        ) as first_file_id,
        of_shops.latest_file_id,
        abs(of_shops._row_id) as _row_id,
        of_shops._file_id
    from of_shops
    inner join {{ ref('stg_ingest__files') }} as files
        on of_shops._file_id = files.file_id

),

final as (

    select
        given.customer_id,
        people.person_id,
        people.organisation_id,
        given.full_name,
        given.first_name,
        given.last_name,
        given.address,
        given.postal_code,
        given.phone,
        given.joined_date,
        given.is_deleted,
        given.first_file_id,
        given.latest_file_id,
        given._row_id,
        given._file_id
    from given
    left join {{ people }} as people on given.record_id = people.record_id

)

select * from final
