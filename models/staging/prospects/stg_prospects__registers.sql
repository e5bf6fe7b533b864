-- Rows of all registers, each still a JSON object of its own columns.
-- Grain: one row per record landed.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('prospects', 'registers') }}

),

final as (

    -- a file whose name has no date is as new as its arrival
    select
        register,
        record,
        _row_id,
        _file_id,
        _record,
        _line,
        coalesce(_delivered_at, _loaded_at) as _delivered_at,
        _loaded_at
    from source

)

select * from final
