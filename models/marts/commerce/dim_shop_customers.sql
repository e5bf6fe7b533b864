-- Customers of shop and payment systems as last delivered. Their identifiers
-- are scoped: the same person in two shops is two.
-- Grain: one row per customer of a system.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='shop_customer_id',
    post_hook="{{ caught_up() }}",
    indexes=[{'columns': ['latest_file_id']}],
) }}

with

customers as (

    {{ touched_states(ref('int_shop_customers__versioned'), 'customer_key', [
        [ref('int_people__linked'), 'source_record_id', 'customer_key'],
    ]) }}

),

given as (

    select
        customer_key as shop_customer_id,
        {{ cleaning.lower_text('email') }} as email,
        first_name,
        last_name,
        full_name,
        company,
        phone as source_phone,
        city,
        country as source_country,
        created_at,
        status as source_status,
        currency as currency_code,
        total_spent_minor,
        {{ main_units('total_spent_minor', 'currency') }} as total_spent,
        total_refunded_minor,
        orders_count,
        latest_file_id,
        _row_id,
        _file_id
    from customers

),

final as (

    select
        given.*,
        people.person_id,
        people.organisation_id
    from given
    left join {{ ref('int_people__linked') }} as people
        on 'shop_customer:' || given.shop_customer_id = people.record_id

)

select * from final
