-- Customers of shop and payment systems as last delivered. Their identifiers
-- are scoped: the same person in two shops is two.
-- Grain: one row per customer of a system.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='shop_customer_id',
    indexes=[{'columns': ['latest_file_id']}],
) }}

with

customers as (

    {{ touched_states(ref('int_shop_customers__versioned'), 'customer_key', [
        [ref('int_people__linked'), 'source_record_id', 'customer_key'],
    ]) }}

),

final as (

    select
        customers.customer_key as shop_customer_id,
        people.person_id,
        people.organisation_id,
        {{ cleaning.lower_text('customers.email') }} as email,
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
        customers.latest_file_id,
        customers._row_id,
        customers._file_id
    from customers
    left join {{ ref('int_people__linked') }} as people
        on 'shop_customer:' || customers.customer_key = people.record_id

)

select * from final
