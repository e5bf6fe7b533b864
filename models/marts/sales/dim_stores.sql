-- Stores as last delivered.
-- Grain: one row per store.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='store_id',
    indexes=[{'columns': ['first_file_id']}],
) }}

with

entities as (

    {{ touched_states(ref('int_sales_entities__versioned'), 'entity_key') }}

),

final as (

    select
        entity_id as store_id,
        {{ json_value('attributes', 'address') }} as address,
        {{ json_value('attributes', 'postal_code') }} as postal_code,
        {{ json_value('attributes', 'manager_name') }} as manager_name,
        {{ json_value('attributes', 'reviews') }} as reviews,
        {{ json_value('attributes', 'opened_date') }} as opened_date,
        is_gone as is_deleted,
        first_file_id,
        latest_file_id,
        abs(_row_id) as _row_id,
        _file_id
    from entities
    where table_name = 'stores'

)

select * from final
