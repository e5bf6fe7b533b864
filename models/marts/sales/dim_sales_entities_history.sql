-- Customers, products, stores and salespeople through time, as their exports
-- told it: a slowly changing dimension of type 2.
-- Grain: one row per customer, product, store or person and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['entity', 'entity_id'],
) }}

with

versions as (

    select * from {{ ref('int_sales_entities__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id > {{ watermark() }}

),

final as (

    select
        table_name as entity,
        entity_id,
        version_number,
        valid_from,
        lead(valid_from) over (
            partition by entity_key order by version_number
        ) as valid_to,
        row_status = 'current' as is_current,
        attributes,
        _row_id,
        _file_id
    from versions

)

select * from final
