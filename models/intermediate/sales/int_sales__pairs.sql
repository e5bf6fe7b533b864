-- Sales of days that several sources report, each with the record that stands
-- for it. A record without an identifier is the same sale as an equal one of
-- another source: the first as the first, the second as the second, and never
-- as one of its own source. Records with an identifier are known by it already
-- and take the first places.
-- Grain: one row per current record of such a day.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='sales_day',
    indexes=[
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['kept_row_id']},
        {'columns': ['sales_day']},
    ],
    post_hook="
        delete from {{ this }}
        where
            _row_id in (
                select gone._row_id from {{ ref('int_sales__versioned') }} as gone
                where gone.row_status in ('superseded', 'unchanged', 'error')
            )
            or kept_row_id in (
                select gone._row_id from {{ ref('int_sales__versioned') }} as gone
                where gone.row_status in ('superseded', 'unchanged', 'error')
            )
    ",
) }}
{%- set sales = ref('int_sales__versioned') %}

with

days as (

    select sales_day from {{ sales }}
    where
        row_status = 'current'
        and sales_day in (
            select touched.sales_day from {{ sales }} as touched
            where touched.latest_file_id > {{ watermark() }}
        )
    group by sales_day
    having min(source_name) <> max(source_name)

),

records as (

    select
        sale_id,
        source_name,
        source_sale_id is not null as is_identified,
        sales_day,
        {{ json_array_text([
            'sales_day',
            'source_customer_id',
            'source_store_id',
            'source_salesperson_id',
            'product_id',
            'price_minor',
            'quantity',
            'total_cost_minor',
            'currency_code',
        ]) }} as content,
        _row_id,
        _file_id,
        _record
    from {{ sales }}
    where
        row_status = 'current'
        and sales_day in (select days.sales_day from days)
    {{ cleaning.computed_once() }}

),

nameless as (

    select
        *,
        row_number() over (
            partition by content, source_name order by _file_id, _record
        ) as place
    from records
    where not is_identified
    {{ cleaning.computed_once() }}

),

wanted as (

    select distinct
        content,
        source_name
    from nameless

),

-- a source that reports a sale by its identifier has no second record of it
stated as (

    select distinct
        sale_id,
        source_name
    from {{ sales }}
    where
        source_sale_id is not null
        and row_status <> 'error'
        and sale_id in (
            select records.sale_id from records
            where records.is_identified
        )

),

open_places as (

    select
        wanted.content,
        wanted.source_name,
        identified._row_id,
        row_number() over (
            partition by wanted.content, wanted.source_name
            order by identified.sale_id
        ) as place
    from records as identified
    inner join wanted on identified.content = wanted.content
    left join stated
        on
            identified.sale_id = stated.sale_id
            and wanted.source_name = stated.source_name
    where identified.is_identified and stated.sale_id is null
    {{ cleaning.computed_once() }}

),

placed as (

    select
        nameless.*,
        open_places._row_id as identified_row_id,
        row_number() over (
            partition by
                nameless.content,
                nameless.source_name,
                open_places._row_id is null
            order by nameless.place
        ) as place_left
    from nameless
    left join open_places
        on
            nameless.content = open_places.content
            and nameless.source_name = open_places.source_name
            and nameless.place = open_places.place

),

paired as (

    select
        sales_day,
        _row_id,
        _file_id,
        coalesce(
            identified_row_id,
            first_value(_row_id) over (
                partition by content, place_left, identified_row_id is null
                order by _file_id, _record
            )
        ) as kept_row_id
    from placed

),

final as (

    select
        _row_id,
        kept_row_id,
        sales_day,
        _file_id
    from paired

    union all

    select
        _row_id,
        _row_id as kept_row_id,
        sales_day,
        _file_id
    from records
    where is_identified

)

select * from final
