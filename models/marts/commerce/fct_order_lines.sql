-- Order lines as last delivered; of systems that export orders without their
-- items, the orders. A later file that has an order has all its lines: one that
-- it lacks is gone. Amounts of the order are on its first line alone.
-- Grain: one row per line, or per order without lines.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_part',
    post_hook="{{ drop_gone(ref('int_order_lines__versioned'), 'line_key', 'line_id') }}",
    indexes=[
        {'columns': ['order_part']},
        {'columns': ['order_id']},
        {'columns': ['ordered_at']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

-- refunds come in files of their own
lines as (

    select
        *,
        coalesce(order_group, line_key) || '|' || coalesce(kind, '')
        || '|' || coalesce(row_kind, '')
        -- each time that a system without lines gave something back of an order
        || case
            when row_kind = 'order' and order_total_minor < 0
                then '|' || line_key
            else ''
        end as order_part,
        {{ kind_says('kind', 'refund') }}
        or {{ kind_says('kind', 'credit') }}
        or coalesce(row_kind = 'order' and order_total_minor < 0, false)
            as is_refund
    from {{ ref('int_order_lines__versioned') }}
    where row_status = 'current'

),

touched as (

    select * from lines
    where {{ watermark() }} < 0
    union all
    select * from lines
    where
        {{ watermark() }} >= 0
        and order_part in (
            select newer.order_part from lines as newer
            where newer.latest_file_id > {{ watermark() }}
        )

),

placed as (

    select
        *,
        max(delivered_file_id) over (partition by order_part) as order_file_id,
        max(order_id) over (partition by order_part) as known_order_id,
        coalesce(
            refunded_amount_minor,
            order_total_minor - nullif(adjusted_total_minor, 0)
        ) as given_back_minor,
        coalesce(nullif(adjusted_fee_minor, 0), order_fee_minor)
            as whole_fee_minor,
        row_number() over (
            partition by order_part
            order by delivered_file_id desc, _record asc, line_key asc
        ) as line_number
    from touched
    where not is_gone

),

given as (

    select
        line_key as line_id,
        order_part,
        coalesce(order_id, known_order_id, order_group, line_key) as order_id,
        order_number,
        coalesce(row_kind, '') = 'order' as is_whole_order,
        is_refund,
        line_number,
        ordered_at,
        paid_at,
        cancelled_at,
        status as source_status,
        payment_status as source_payment_status,
        kind as source_kind,
        customer_id,
        email,
        customer_name,
        country as source_country,
        channel,
        product_id,
        sku,
        product as product_name,
        quantity,
        currency as currency_code,
        unit_price_minor,
        coalesce(
            gross_amount_minor,
            {{ rounded('unit_price_minor * quantity') }}
        ) as gross_minor,
        -abs(discount_minor) as discount_minor,
        coalesce(
            line_amount_minor,
            coalesce(
                gross_amount_minor,
                {{ rounded('unit_price_minor * quantity') }}
            ) - coalesce(abs(discount_minor), 0)
        ) as net_minor,
        tax_minor,
        line_shipping_minor,
        case when line_number = 1 then order_subtotal_minor end
            as order_subtotal_minor,
        case when line_number = 1 then order_discount_minor end
            as order_discount_minor,
        case when line_number = 1 then order_shipping_minor end
            as order_shipping_minor,
        case when line_number = 1 then order_tax_minor end as order_tax_minor,
        case when line_number = 1 then order_total_minor end
            as order_total_minor,
        case when line_number = 1 then given_back_minor end as refunded_minor,
        case when line_number = 1 then abs(whole_fee_minor) end as fee_minor,
        latest_file_id,
        _row_id,
        _file_id
    from placed
    where delivered_file_id = order_file_id

),

final as (

    select
        *,
        {{ main_units('unit_price_minor', 'currency_code') }} as unit_price,
        {{ main_units('net_minor', 'currency_code') }} as net
    from given

)

select * from final
