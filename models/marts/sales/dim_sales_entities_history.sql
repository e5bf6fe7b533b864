-- Customers, products, stores and salespeople through time, as their exports
-- showed it: a slowly changing dimension of type 2.
-- Grain: one row per customer, product, store or person and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['entity', 'entity_id'],
) }}
{{ version_history(
    ref('int_sales_entities__versioned'),
    ['table_name', 'entity_id'],
    ['attributes', 'is_gone as is_deleted'],
    named={'table_name': 'entity'},
) }}
