-- Rows of all registers, each still a JSON object of its own columns.
-- Grain: one row per record landed.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('prospects', 'registers') }}

),

final as (

    select
        register,
        record,
        _row_id,
        _file_id,
        _record,
        _line,
        _delivered_at,
        _loaded_at
    from source

)

select * from final
