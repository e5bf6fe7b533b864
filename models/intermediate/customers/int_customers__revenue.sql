-- What brought money, each thing once, and whom it is of: orders that are
-- sales, sales of files of shops that no order repeats, payments that belong to
-- no order that counts, and what was given back, negative.
-- Grain: one row per order, sale, payment or refund.
{{ config(materialized='view') }}

with

reports as (

    select * from {{ ref('bridge_order_reports') }}

),

orders as (

    select
        orders.order_id,
        orders.ordered_at,
        orders.person_id,
        orders.organisation_id,
        orders.currency_code,
        orders.total_minor,
        orders.total_reporting_minor,
        orders.is_sale,
        orders.is_sale and (
            reports.order_id is null
            or reports.evidence = 'delivered as a sale'
        ) as is_counted,
        -- whether its payments are of an order or a sale that counts
        orders.is_sale
        or coalesce(counted.is_sale, false)
        or coalesce(reports.evidence = 'delivered as a sale', false)
            as is_covered,
        orders._row_id,
        orders._file_id
    from {{ ref('fct_orders') }} as orders
    left join reports on orders.order_id = reports.order_id
    left join {{ ref('fct_orders') }} as counted
        on reports.counted_id = counted.order_id

),

-- sales that are orders of a shop as well
repeated_sales as (

    select distinct reports.counted_id as sale_id
    from reports
    inner join orders on reports.order_id = orders.order_id
    where reports.evidence = 'delivered as a sale' and orders.is_sale

),

sales as (

    select * from {{ ref('fct_sales') }}
    where order_id is null

),

-- an identifier of fewer than eight characters is one that any shop can have
numbered_sales as (

    select distinct source_sale_id from sales
    where length(source_sale_id) >= 8

),

payments as (

    select * from {{ ref('fct_payments') }}

),

links as (

    select * from {{ ref('bridge_payment_orders') }}

),

unordered_payments as (

    select payments.*
    from payments
    left join links on payments.payment_id = links.payment_id
    left join orders
        on coalesce(links.order_id, payments.order_id) = orders.order_id
    left join numbered_sales
        on payments.order_number = numbered_sales.source_sale_id
    where
        payments.payment_kind = 'payment'
        and not coalesce(links.is_repeated, false)
        -- its number leads to several orders, which count
        and (links.payment_id is null or links.order_id is not null)
        and not coalesce(orders.is_covered, false)
        and numbered_sales.source_sale_id is null

),

money as (

    select
        'order' as kind,
        order_id as source_id,
        person_id,
        organisation_id,
        ordered_at as occurred_at,
        currency_code,
        total_minor as amount_minor,
        total_reporting_minor as amount_reporting_minor,
        _row_id,
        _file_id
    from orders
    where is_counted

    union all

    select
        'sale' as kind,
        sales.sale_id as source_id,
        sales.person_id,
        sales.organisation_id,
        sales.sales_date || 'T00:00:00.000000Z' as occurred_at,
        sales.currency_code,
        sales.total_cost_minor as amount_minor,
        sales.total_cost_reporting_minor as amount_reporting_minor,
        sales._row_id,
        sales._file_id
    from sales
    left join repeated_sales on sales.sale_id = repeated_sales.sale_id
    where repeated_sales.sale_id is null

    union all

    select
        'payment' as kind,
        payment_id as source_id,
        person_id,
        organisation_id,
        created_at as occurred_at,
        currency_code,
        amount_minor,
        amount_reporting_minor,
        _row_id,
        _file_id
    from unordered_payments

    union all

    select
        refunds.refund_kind as kind,
        refunds.refund_id as source_id,
        coalesce(orders.person_id, paid.person_id, own.person_id) as person_id,
        coalesce(
            orders.organisation_id, paid.organisation_id, own.organisation_id
        ) as organisation_id,
        refunds.refunded_at as occurred_at,
        refunds.currency_code,
        -refunds.amount_minor as amount_minor,
        -refunds.amount_reporting_minor as amount_reporting_minor,
        refunds._row_id,
        refunds._file_id
    from {{ ref('fct_refunds') }} as refunds
    left join orders on refunds.order_id = orders.order_id
    left join payments as paid on refunds.payment_id = paid.payment_id
    left join payments as own on refunds.refund_id = own.payment_id

),

final as (

    select
        money.kind || ':' || money.source_id as revenue_id,
        money.kind,
        money.source_id,
        money.person_id,
        coalesce(money.organisation_id, people.organisation_id)
            as organisation_id,
        money.occurred_at,
        money.currency_code,
        money.amount_minor,
        money.amount_reporting_minor,
        money.kind in ('order', 'sale', 'payment')
        and coalesce(money.amount_minor >= 0, true) as is_purchase,
        money._row_id,
        money._file_id
    from money
    left join {{ ref('dim_people') }} as people
        on money.person_id = people.person_id

)

select * from final
