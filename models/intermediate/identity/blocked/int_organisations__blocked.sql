-- The blocks in which organisations are compared.
-- Grain: one row per record and block.
{#- One that is gone has no blocks: none takes the place of former ones. #}
{{ config(
    post_hook="delete from {{ this }} where record_number in (
        select gone.record_number
        from {{ ref('int_organisations__current') }} as gone
        where gone.is_gone
    )",
) }}
{{ identity_step('organisations', 'blocked') }}
