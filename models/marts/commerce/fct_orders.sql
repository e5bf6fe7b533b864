-- Orders as last delivered, each once: of a file of orders and one of their
-- lines the order's own amounts count, else the sums of its lines. What was
-- given back of an order is in fct_refunds.
-- Grain: one row per order.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='order_id',
    post_hook=[
        "delete from {{ this }} where not exists (
        select 1 from {{ ref('fct_order_lines') }} as present
        where
            present.order_id = {{ this.identifier }}.order_id
            and not present.is_refund
    )",
        "{{ caught_up() }}",
    ],
    indexes=[
        {'columns': ['ordered_at']},
        {'columns': ['order_number']},
        {'columns': ['refunded_minor']},
        {'columns': ['latest_file_id']},
    ],
) }}
{%- set lines = ref('fct_order_lines') %}
{%- set word = 'coalesce(orders.source_payment_status, orders.source_status)' %}

with

lines as (

    select * from {{ lines }}
    where {{ watermark() }} < 0
    union all
    select * from {{ lines }}
    where
        {{ watermark() }} >= 0
        and order_id in (
            select newer.order_id from {{ lines }} as newer
            where newer.latest_file_id > {{ watermark() }}
            union
            select documents.document_id
            from {{ touched_documents('order') }} as documents
        )

),

orders as (

    select
        order_id,
        max(order_number) as order_number,
        min(ordered_at) as ordered_at,
        max(paid_at) as paid_at,
        max(cancelled_at) as cancelled_at,
        max(source_status) as source_status,
        max(source_payment_status) as source_payment_status,
        max(customer_id) as customer_id,
        max(email) as email,
        max(customer_name) as customer_name,
        max(source_country) as source_country,
        max(channel) as channel,
        max(currency_code) as currency_code,
        -- amounts of several currencies are not added up
        min(currency_code) as least_currency_code,
        sum(case when is_whole_order then 0 else 1 end) as line_count,
        coalesce(
            sum(case when not is_whole_order then quantity end), max(quantity)
        ) as quantity,
        case
            when max(currency_code) is not distinct from min(currency_code)
                then sum(case when not is_whole_order then net_minor end)
        end as lines_minor,
        coalesce(
            max(order_discount_minor), min(order_discount_minor)
        ) as order_discount_minor,
        coalesce(
            max(case when is_whole_order then order_subtotal_minor end),
            max(order_subtotal_minor)
        ) as order_subtotal_minor,
        coalesce(
            max(case when is_whole_order then order_shipping_minor end),
            max(order_shipping_minor), sum(line_shipping_minor)
        ) as shipping_minor,
        coalesce(
            max(case when is_whole_order then order_tax_minor end),
            max(order_tax_minor), sum(tax_minor)
        ) as tax_minor,
        coalesce(
            max(case when is_whole_order then order_total_minor end),
            max(order_total_minor)
        ) as order_total_minor,
        max(refunded_minor) as refunded_minor,
        max(fee_minor) as fee_minor,
        max(latest_file_id) as latest_file_id,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from lines
    where not is_refund
    group by order_id

),

totalled as (

    select
        orders.order_id,
        orders.order_number,
        orders.ordered_at,
        orders.paid_at,
        orders.cancelled_at,
        coalesce(
            states.order_state,
            {{ cleaning.lower_text(word) }}
        ) as order_state,
        coalesce(
            case
                when orders.cancelled_at is not null then states.is_paid
                else states.is_sale
            end, 1
        ) = 1 as is_sale,
        orders.source_status,
        orders.source_payment_status,
        orders.customer_id,
        orders.email,
        orders.customer_name,
        orders.source_country,
        orders.channel,
        orders.line_count,
        orders.quantity,
        case
            when orders.currency_code = orders.least_currency_code
                then orders.currency_code
        end as currency_code,
        coalesce(orders.order_subtotal_minor, orders.lines_minor)
            as subtotal_minor,
        -abs(orders.order_discount_minor) as discount_minor,
        orders.shipping_minor,
        orders.tax_minor,
        coalesce(
            orders.order_total_minor,
            orders.lines_minor + coalesce(orders.shipping_minor, 0)
            + coalesce(orders.tax_minor, 0)
            - coalesce(abs(orders.order_discount_minor), 0)
        ) as total_minor,
        case
            when orders.order_total_minor is not null then 'order'
            when orders.lines_minor is not null then 'lines'
        end as total_evidence,
        -- a system can say so by its state alone
        coalesce(
            orders.refunded_minor,
            case
                when states.order_state = 'refunded'
                    then orders.order_total_minor
            end
        ) as refunded_minor,
        orders.fee_minor,
        orders.lines_minor,
        orders.latest_file_id,
        orders._row_id,
        orders._file_id
    from orders
    left join {{ ref('order_states') }} as states
        on
            states.status_of = case
                when orders.source_payment_status is null then 'order'
                else 'payment'
            end
            and states.source_status
            = {{ cleaning.code_key(word) }}

),

final as (

    select
        totalled.*,
        people.person_id,
        people.organisation_id,
        totalled.total_minor - (
            totalled.lines_minor + coalesce(totalled.discount_minor, 0)
            + coalesce(totalled.shipping_minor, 0)
            + coalesce(totalled.tax_minor, 0)
        ) as unexplained_minor,
        {{ main_units(
            'totalled.total_minor', 'totalled.currency_code'
        ) }} as total,
        {{ main_units(
            reporting_minor('totalled.total_minor', 'totalled.currency_code'),
            "'" ~ reporting_currency() ~ "'"
        ) }} as total_reporting,
        {{ reporting_minor(
            'totalled.total_minor', 'totalled.currency_code'
        ) }} as total_reporting_minor,
        {{ reporting_date('totalled.currency_code') }} as rate_date
    from totalled
    left join {{ ref('int_buyers__documents') }} as documents
        on
            documents.document_kind = 'order'
            and totalled.order_id = documents.document_id
    left join {{ ref('int_people__linked') }} as people
        on documents.record_id = people.record_id
    {{ reporting_join(
        'totalled.currency_code', 'substr(totalled.ordered_at, 1, 10)'
    ) }}

)

select * from final
