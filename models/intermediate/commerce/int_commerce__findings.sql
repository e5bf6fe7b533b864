-- What is wrong with what shop and payment systems deliver.
-- Grain: one row per record, rule and column.
{{ config(materialized='view') }}

with

row_states as (

    {{ row_states('commerce') }}

),

findings as (

    select
        table_name,
        record_id,
        rule,
        column_name,
        source_value,
        _row_id
    from {{ ref('int_commerce__row_findings') }}

),

final as (

    {{ placed_findings('commerce', 'findings', 'row_states') }}

)

select * from final
