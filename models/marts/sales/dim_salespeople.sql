-- The sales team as last delivered, each with the manager. A team is small: all
-- of it is compared in every build, so that managers are found when they come.
-- Grain: one row per person.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='salesperson_id',
    indexes=[{'columns': ['first_file_id']}],
) }}

with

people as (

    select
        *,
        {{ json_value('attributes', 'full_name') }} as full_name,
        {{ json_value('attributes', 'source_manager_id') }}
            as source_manager_id
    from {{ ref('int_sales_entities__versioned') }}
    where table_name = 'salespeople' and row_status = 'current'
    {{ cleaning.computed_once() }}

),

final as (

    select
        people.entity_id as salesperson_id,
        people.full_name,
        {%- for column in ['first_name', 'last_name'] %}
        {{ json_value('people.attributes', column) }} as {{ column }},
        {%- endfor %}
        managers.entity_id as manager_id,
        managers.full_name as manager_name,
        cast({{ json_value('people.attributes', 'is_manager') }} as integer)
        = 1 as is_manager,
        {%- for column in ['address', 'postal_code', 'joined_date'] %}
        {{ json_value('people.attributes', column) }} as {{ column }},
        {%- endfor %}
        people.source_manager_id,
        people.is_gone as is_deleted,
        people.first_file_id,
        people.latest_file_id,
        abs(people._row_id) as _row_id,
        people._file_id
    from people
    left join people as managers
        on people.source_manager_id = managers.entity_id

)

select * from final
