-- Customers of the shops as last delivered.
-- Grain: one row per customer.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='customer_id',
    indexes=[{'columns': ['first_file_id']}],
) }}

with

entities as (

    {{ touched_states(ref('int_sales_entities__versioned'), 'entity_key') }}

),

final as (

    select
        entity_id as customer_id,
        {{ json_value('attributes', 'full_name') }} as full_name,
        {{ json_value('attributes', 'first_name') }} as first_name,
        {{ json_value('attributes', 'last_name') }} as last_name,
        {{ json_value('attributes', 'address') }} as address,
        {{ json_value('attributes', 'postal_code') }} as postal_code,
        {{ json_value('attributes', 'phone') }} as phone,
        {{ json_value('attributes', 'joined_date') }} as joined_date,
        first_file_id,
        latest_file_id,
        _row_id,
        _file_id
    from entities
    where table_name = 'customers'

)

select * from final
