-- What is wrong with delivered form leads and list members.
-- Grain: one row per record, rule and column.
{{ config(materialized='view') }}

with

row_states as (

    {{ row_states('marketing') }}

),

findings as (

    select
        table_name,
        record_id,
        rule,
        column_name,
        source_value,
        _row_id
    from {{ ref('int_marketing__row_findings') }}

),

final as (

    {{ placed_findings('marketing', 'findings', 'row_states') }}

)

select * from final
