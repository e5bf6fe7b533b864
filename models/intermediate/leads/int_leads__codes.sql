-- Every spelling of a code, and the state of every ZIP prefix, so that one join
-- per column looks a code up.
-- Grain: one row per lookup and spelling.
{{ config(indexes=[{'columns': ['source_value', 'lookup'], 'unique': true}]) }}

with

final as (

    select
        'state' as lookup,
        lower(state) as source_value,
        state as code
    from {{ ref('us_states') }}

    union all

    select
        'state' as lookup,
        lower(state_name) as source_value,
        state as code
    from {{ ref('us_states') }}

    union all

    select
        'zip_prefix' as lookup,
        zip_prefix as source_value,
        state as code
    from {{ ref('us_zip_prefixes') }}

    union all

    select
        'disposition' as lookup,
        {{ cleaning.code_key('disposition') }} as source_value,
        disposition as code
    from {{ ref('lead_dispositions') }}

)

select * from final
