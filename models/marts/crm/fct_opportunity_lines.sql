-- Products of deals as last delivered.
-- Grain: one row per line.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='line_id',
    post_hook="delete from {{ this }} where line_id in (
        select gone.line_key
        from {{ ref('int_deal_lines__versioned') }} as gone
        where gone.row_status = 'current' and coalesce(gone.is_deleted, false)
    )",
    indexes=[{'columns': ['latest_file_id']}],
) }}

with

lines as (

    {{ touched_states(ref('int_deal_lines__versioned'), 'line_key', [
        [ref('int_crm__aliases'), 'alias_id', 'deal_id'],
        [ref('fct_opportunities'), 'opportunity_id', 'deal_id'],
        [ref('int_opportunities__versioned'), 'opportunity_id', 'deal_id'],
    ]) }}

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}

),

deals as (

    select * from {{ ref('fct_opportunities') }}

),

-- a line that names no currency is in that of its deal
priced as (

    select
        lines.*,
        deals.opportunity_id,
        coalesce(lines.currency, deals.currency_code) as currency_code,
        case
            when lines.currency is null
                then {{ currency_decimals('deals.currency_code') }}
        end as decimals
    from lines
    left join aliases
        on
            aliases.entity = 'opportunities'
            and lines.deal_id = aliases.alias_id
    left join deals
        on {{ led_to('aliases', 'lines.deal_id') }} = deals.opportunity_id
    where not coalesce(lines.is_deleted, false)

),

final as (

    select
        line_key as line_id,
        opportunity_id,
        product_id,
        sku,
        product as product_name,
        quantity,
        currency_code,
        {% for name in ['unit_price', 'list_price'] -%}
        {{ in_decimals(name ~ '_minor', 'decimals') }} as {{ name }}_minor,
        {% endfor -%}
        {{ in_decimals(
            'coalesce(line_amount_minor, '
            ~ rounded('quantity * unit_price_minor') ~ ')', 'decimals'
        ) }} as amount_minor,
        {{ main_units(
            'coalesce(line_amount_minor, '
            ~ rounded('quantity * unit_price_minor') ~ ')',
            'currency_code',
            "case when decimals is null then " ~ currency_decimals('currency_code')
            ~ " else 2 end"
        ) }} as amount,
        service_date,
        deal_id as source_opportunity_id,
        latest_file_id,
        _row_id,
        _file_id
    from priced

)

select * from final
