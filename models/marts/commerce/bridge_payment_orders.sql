-- Payments that name an order of another system by its number or identifier,
-- and those that the order's own shop reports. One whose number leads to
-- several orders has none. Both can report the same money: that of the
-- side which reports more counts, of equal ones that of those who took it. A
-- document's own number may be that of any order: it leads to one of the same
-- amount alone.
-- Grain: one row per payment.
{{ config(indexes=[{'columns': ['order_id']}]) }}
{%- set payments = ref('fct_payments') %}
{%- set orders = ref('fct_orders') %}
{%- set key = 'order_id, currency_code' %}

with

naming as (

    select
        payment_id,
        coalesce(order_number, document_number) as order_number,
        currency_code,
        amount_minor,
        order_number is null as is_own_number
    from {{ payments }}
    where
        payment_kind = 'payment'
        and order_id is null
        and coalesce(order_number, document_number) is not null

),

numbers as (

    select distinct order_number from naming

),

found as (

    {{ orders_by_number('numbers', orders) }}

),

-- no join: without an index SQLite would look through all numbers each time
numbered as (

    select
        payment_id,
        order_number,
        currency_code,
        amount_minor,
        is_own_number,
        cast(null as text) as order_id,
        0 as is_found
    from naming

    union all

    select
        cast(null as text) as payment_id,
        order_number,
        cast(null as text) as currency_code,
        cast(null as bigint) as amount_minor,
        cast(null as boolean) as is_own_number,
        order_id,
        1 as is_found
    from found

),

led as (

    select
        payment_id,
        currency_code,
        amount_minor,
        is_own_number,
        max(order_id) over (partition by order_number) as order_id,
        max(is_found) over (partition by order_number) as is_found
    from numbered

),

sides as (

    select
        led.payment_id,
        led.order_id,
        led.currency_code,
        led.amount_minor,
        false as is_of_shop
    from led
    left join {{ orders }} as paid on led.order_id = paid.order_id
    where
        led.payment_id is not null
        and led.is_found = 1
        and (
            not led.is_own_number
            or (
                led.amount_minor = paid.total_minor
                and coalesce(led.currency_code, paid.currency_code)
                = paid.currency_code
            )
        )

    union all

    select
        payment_id,
        order_id,
        currency_code,
        amount_minor,
        true as is_of_shop
    from {{ payments }}
    where
        payment_kind = 'payment'
        and order_id in (
            select found.order_id from found
            where found.order_id is not null
        )

),

by_side as (

    select
        *,
        sum(case when is_of_shop then amount_minor else 0 end) over (
            partition by {{ key }}
        ) as of_shop_minor,
        sum(case when is_of_shop then 0 else amount_minor end) over (
            partition by {{ key }}
        ) as of_others_minor
    from sides

),

final as (

    select
        payment_id,
        order_id,
        order_id is not null
        and is_of_shop = (of_others_minor >= of_shop_minor)
        and of_shop_minor > 0
        and of_others_minor > 0 as is_repeated
    from by_side

)

select * from final
