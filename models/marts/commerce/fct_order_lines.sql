-- Order lines as last delivered; of systems that export orders without their
-- items, the orders. A later file that has an order has all its lines: one that
-- it lacks is gone, unless the file has no columns of lines. What concerns
-- the order is that of the newest file with the column, whatever its lines are
-- called there. Amounts of the order are on its first line alone.
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

{%- set of_orders = {
    'ordered_at': 'ordered_at', 'paid_at': 'paid_at',
    'cancelled_at': 'cancelled_at', 'status': 'status',
    'payment_status': 'payment_status', 'customer_id': 'customer_id',
    'email': 'email', 'customer_name': 'customer_name', 'country': 'country',
    'channel': 'channel', 'order_subtotal_minor': 'order_subtotal',
    'order_discount_minor': 'order_discount',
    'order_shipping_minor': 'order_shipping', 'order_tax_minor': 'order_tax',
    'order_total_minor': 'order_total',
    'refunded_amount_minor': 'refunded_amount',
    'adjusted_total_minor': 'adjusted_total', 'order_fee_minor': 'order_fee',
    'adjusted_fee_minor': 'adjusted_fee',
} %}
{%- set of_lines = 'product_id/sku/product/quantity/unit_price/gross_amount/'
    ~ 'line_amount' %}
{%- set looked_at = [of_lines, 'currency'] + of_orders.values() | list %}
{%- set columns = record_columns('commerce', 'order_lines') %}

with

-- what they lack that others of their shape have
files as (

    select
        landed.*,
        {% for given in looked_at -%}
        {%- set lacks = 'landed.' ~ lacks_column(given) -%}
        {{ '+ ' if not loop.first }}{{ lacks }} - min({{ lacks }}) over of_shape
        {% endfor %} as narrow_count
    from (
        {{ delivered_files(
            'commerce', 'order_lines', looked_at
        ) }}
    ) as landed
    inner join {{ ref('stg_ingest__files') }} as shapes
        on landed.file_id = shapes.file_id
    window of_shape as (partition by shapes.system_name, shapes.shape_name)

),

-- refunds come in files of their own
read_lines as (

    select
        *,
        {{ kind_says('lower_kind', 'refund') }}
        or {{ kind_says('lower_kind', 'credit') }}
        or coalesce(row_kind = 'order' and order_total_minor < 0, false)
            as is_refund
    from (
        select
            *,
            {{ cleaning.lower_text('kind') }} as lower_kind
        from {{ ref('int_order_lines__versioned') }}
        where row_status = 'current'
        {{ cleaning.computed_once() }}
    ) as lowered

),

lines as (

    select
        *,
        coalesce(order_group, line_key)
        || case when is_refund then '|' || coalesce(kind, '') else '|' end
        || '|' || coalesce(row_kind, '')
        -- each time that a system without lines gave something back of an order
        || case
            when row_kind = 'order' and order_total_minor < 0
                then '|' || line_key
            else ''
        end as order_part
    from read_lines

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

narrow_files as (

    select file_id from files
    where narrow_count > 0

),

-- the currency of orders that a file without currencies has
order_currencies as (

    select
        said.order_part as valued_part,
        min(said.currency) as order_currency,
        min(known.decimals) as order_decimals
    from touched as said
    inner join {{ ref('currencies') }} as known on said.currency = known.code
    where
        not said.is_gone
        and said.order_part in (
            select unsaid.order_part from touched as unsaid
            where
                unsaid.currency is null
                and unsaid.delivered_file_id in (
                    select narrow_files.file_id from narrow_files
                )
        )
    group by said.order_part
    having min(said.currency) = max(said.currency)

),

present as (

    select
        {% for column in columns -%}
        {% if column.data_type == 'money' -%}
        case
            when
                touched.currency is not null
                or order_currencies.order_decimals is null
                then touched.{{ column.name }}
            else {{ in_decimals(
                'touched.' ~ column.name, 'order_currencies.order_decimals'
            ) }}
        end as {{ column.name }},
        {%- elif column.name == 'currency' -%}
        coalesce(touched.currency, order_currencies.order_currency) as currency,
        {%- else -%}
        touched.{{ column.name }},
        {%- endif %}
        {% endfor -%}
        touched.order_part,
        touched.is_refund,
        touched.latest_file_id,
        touched.delivered_file_id,
        touched.last_modified <= touched.valid_from as is_dated,
        touched._record,
        touched._row_id,
        touched._file_id
    from touched
    left join order_currencies
        on touched.order_part = order_currencies.valued_part
    where not touched.is_gone

),

-- orders in such files: of each column the newest file that has it
narrowed as (

    select
        present.*,
        {% for column, given in of_orders.items() -%}
        max(
            case
                when files.{{ lacks_column(given) }} = 0
                    then present.delivered_file_id
            end
        ) over whole_order as {{ column }}_file_id,
        {% endfor -%}
        max(
            case
                when files.{{ lacks_column(of_lines) }} = 0
                    then present.delivered_file_id
            end
        ) over whole_order as lines_file_id,
        max(present.delivered_file_id) over whole_order as newest_file_id
    from present
    inner join files on present.delivered_file_id = files.file_id
    where
        present.order_part in (
            select narrow.order_part from present as narrow
            where
                narrow.delivered_file_id in (
                    select narrow_files.file_id from narrow_files
                )
        )
    window whole_order as (partition by present.order_part)

),

-- a state that has changed since says nothing of what had been given back then
whole_orders as (

    select
        order_part as whole_order,
        max(coalesce(lines_file_id, newest_file_id)) as whole_file_id
        {%- for column in of_orders %},
        coalesce(
            max(
                case
                    when delivered_file_id = {{ column }}_file_id
                        then {{ column }}
                end
            ),
            max(case when {{ column }}_file_id is null then {{ column }} end)
        ) as whole_{{ column }}
        {%- endfor %},
        max(
            case
                when delivered_file_id = refunded_amount_minor_file_id
                    then coalesce(payment_status, status)
            end
        ) as state_then,
        max(
            case
                when
                    delivered_file_id
                    = coalesce(payment_status_file_id, status_file_id)
                    then coalesce(payment_status, status)
            end
        ) as state_now
    from narrowed
    group by order_part

),

completed as (

    select
        {%- for column in columns if column.name not in of_orders %}
        present.{{ column.name }},
        {%- endfor %}
        {%- for column in of_orders if column != 'refunded_amount_minor' %}
        case
            when whole_orders.whole_order is null then present.{{ column }}
            else whole_orders.whole_{{ column }}
        end as {{ column }},
        {%- endfor %}
        case
            when whole_orders.whole_order is null
                then present.refunded_amount_minor
            else {{ refunded_since(
                'whole_orders.whole_refunded_amount_minor',
                'whole_orders.state_then', 'whole_orders.state_now',
                order_says_refunded('whole_orders.state_now', 'null')
            ) }}
        end as refunded_amount_minor,
        present.order_part,
        present.is_refund,
        present.latest_file_id,
        present.delivered_file_id,
        whole_orders.whole_file_id,
        present.is_dated,
        present._record,
        present._row_id,
        present._file_id
    from present
    left join whole_orders on present.order_part = whole_orders.whole_order

),

-- a file that comes late has what the order was, if its time can be believed
dated as (

    select
        *,
        max(latest_file_id) over whole_order as whole_latest_file_id,
        max(order_id) over whole_order as known_order_id,
        case
            when
                sum(case when is_dated then 1 else 0 end) over whole_order
                = count(*) over whole_order
                then last_modified = max(last_modified) over whole_order
            else
                delivered_file_id = coalesce(
                    whole_file_id, max(delivered_file_id) over whole_order
                )
        end as is_there
    from completed
    window whole_order as (partition by order_part)

),

placed as (

    select
        *,
        coalesce(
            refunded_amount_minor,
            order_total_minor - nullif(adjusted_total_minor, 0)
        ) as given_back_minor,
        coalesce(nullif(adjusted_fee_minor, 0), order_fee_minor)
            as whole_fee_minor,
        row_number() over (
            partition by order_part
            order by
                case when is_there then 0 else 1 end,
                _record asc, line_key asc
        ) as line_number
    from dated

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
        whole_latest_file_id as latest_file_id,
        _row_id,
        _file_id
    from placed
    where is_there

),

final as (

    select
        *,
        {{ main_units('unit_price_minor', 'currency_code') }} as unit_price,
        {{ main_units('net_minor', 'currency_code') }} as net
    from given

)

select * from final
