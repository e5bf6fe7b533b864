-- Sales, each once, whichever ways it came: as a sale, or as a line of an
-- order.
-- Grain: one row per sale.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='sale_id',
    indexes=[
        {'columns': ['sales_date']},
        {'columns': ['customer_id']},
        {'columns': ['product_id']},
        {'columns': ['_row_id']},
        {'columns': ['order_id']},
    ],
    post_hook=["
        delete from {{ this }}
        where
            (
                order_id is null and _row_id in (
                    select gone._row_id from {{ ref('int_sales__versioned') }} as gone
                    where gone.row_status in ('superseded', 'unchanged', 'error')
                )
            )
            or (
                order_id is null and _row_id in (
                    select doubled._row_id from {{ ref('int_sales__pairs') }} as doubled
                    where doubled.kept_row_id <> doubled._row_id
                )
            )
            -- of two sales that have turned out to be one
            or (
                source_sale_id is not null
                and sale_id like '%/%'
                and sale_id not in (
                    select present.sale_id
                    from {{ ref('int_sales__versioned') }} as present
                    where
                        present.row_status = 'current'
                        and present.source_sale_id is not null
                        and present.sale_id like '%/%'
                )
            )
            -- of orders that have changed, or are reported twice
            or (
                order_id is not null
                and not exists (
                    select 1 {{ sold_lines() }}
                        and lines.line_id = substr({{ this.identifier }}.sale_id, 7)
                )
            )
    ", "{{ caught_up() }}"],
) }}
{%- set versioned = ref('int_sales__versioned') %}
{%- set customers = ref('int_shop_customers__versioned') %}
{%- set files = ref('stg_ingest__files') %}
{%- set people = ref('int_people__linked') %}
{%- set day = 'sold.sales_date' %}

with

-- all of them, or those of days in which something has changed and those whose
-- customer, store or seller is new
touched as (

    select * from {{ versioned }}
    where {{ watermark() }} < 0 and row_status = 'current'
    union all
    select * from {{ versioned }}
    where
        {{ watermark() }} >= 0
        and row_status = 'current'
        and _row_id in (
            select of_day._row_id
            from {{ versioned }} as of_day
            where
                of_day.sales_day in (
                    select newer.sales_day from {{ versioned }} as newer
                    where newer.latest_file_id > {{ watermark() }}
                )
            {%- for parent, key, column in [
                (ref('dim_customers'), 'customer_id', 'source_customer_id'),
                (ref('dim_stores'), 'store_id', 'source_store_id'),
                (ref('dim_salespeople'), 'salesperson_id',
                    'source_salesperson_id'),
            ] %}
            union
            select child._row_id
            from {{ parent }} as parent
            inner join {{ versioned }} as child
                on parent.{{ key }} = child.{{ column }}
            where parent.first_file_id > {{ watermark() }}
            {%- endfor %}
            union
            -- whose customer can be another person now
            select child._row_id
            from {{ people }} as people
            inner join {{ versioned }} as child
                on people.source_record_id = child.source_customer_id
            where
                people.record_kind = 'customer'
                and people.latest_file_id > {{ watermark() }}
        )

),

direct as (

    select
        touched.sale_id,
        cast(null as text) as order_id,
        touched.product_id,
        customers.customer_id,
        stores.store_id,
        salespeople.salesperson_id,
        touched.sales_date,
        touched.quantity,
        touched.currency_code,
        touched.price_cents,
        touched.price_minor,
        touched.total_cost_cents,
        touched.total_cost_minor,
        touched.source_name,
        touched.source_sale_id,
        touched.source_customer_id,
        touched.source_store_id,
        touched.source_salesperson_id,
        touched.source_product_name,
        touched.source_sales_date,
        'customer:' || customers.customer_id as person_record_id,
        touched._row_id,
        touched._file_id
    from touched
    left join {{ ref('int_sales__pairs') }} as pairs
        on touched._row_id = pairs._row_id
    left join {{ ref('dim_customers') }} as customers
        on touched.source_customer_id = customers.customer_id
    left join {{ ref('dim_stores') }} as stores
        on touched.source_store_id = stores.store_id
    left join {{ ref('dim_salespeople') }} as salespeople
        on touched.source_salesperson_id = salespeople.salesperson_id
    where pairs._row_id is null or pairs.kept_row_id = pairs._row_id

),

-- what some shops know a customer by is the e-mail address alone
customers_by_email as (

    select
        id_scope,
        email,
        min(customer_id) as customer_id,
        max(latest_file_id) as latest_file_id
    from (
        select
            coalesce(files.id_scope, '') as id_scope,
            {{ cleaning.lower_text('shop_customers.email') }} as email,
            {{ shop_customer_id(
                'files.id_scope', 'shop_customers.customer_key'
            ) }} as customer_id,
            shop_customers.latest_file_id
        from {{ customers }} as shop_customers
        inner join {{ files }} as files
            on shop_customers._file_id = files.file_id
        where
            shop_customers.row_status = 'current'
            and shop_customers.email like '%@%'
    ) as addressed
    group by id_scope, email

),

sold_lines as (

    select
        lines.*,
        orders.line_count,
        orders.subtotal_minor as whole_subtotal_minor,
        orders.total_minor - coalesce(orders.tax_minor, 0)
        - coalesce(orders.shipping_minor, 0) as whole_net_minor
    {{ sold_lines() }}
        and (
            {{ watermark() }} < 0
            or lines.order_id in (
                select newer.order_id from {{ ref('fct_orders') }} as newer
                where newer.latest_file_id > {{ watermark() }}
            )
            or lines.order_id in (
                select documents.document_id
                from {{ touched_documents('order') }} as documents
            )
            or lines.customer_id in (
                select newer.customer_key from {{ customers }} as newer
                where newer.latest_file_id > {{ watermark() }}
            )
            or {{ cleaning.lower_text('lines.email') }} in (
                select newer.email from customers_by_email as newer
                where newer.latest_file_id > {{ watermark() }}
            )
        )

),

ordered as (

    select
        'order:' || lines.line_id as sale_id,
        lines.order_id,
        {{ cleaning.lower_text('lines.product_name') }} as product_id,
        coalesce(customers.customer_id, customers_by_email.customer_id)
            as customer_id,
        cast(null as text) as store_id,
        cast(null as text) as salesperson_id,
        substr(lines.ordered_at, 1, 10) as sales_date,
        case
            when
                abs(lines.quantity) < 1000000000000000
                and lines.quantity = cast(lines.quantity as bigint)
                then cast(lines.quantity as bigint)
        end as quantity,
        lines.currency_code,
        {{ hundredths('lines.unit_price_minor', 'lines.currency_code') }}
            as price_cents,
        lines.unit_price_minor as price_minor,
        lines.net_minor as line_net_minor,
        lines.whole_subtotal_minor,
        lines.whole_net_minor,
        lines.is_whole_order,
        coalesce(files.id_scope, 'commerce') as source_name,
        coalesce(lines.customer_id, lines.email, lines.customer_name)
            as source_customer_id,
        lines.product_name,
        lines.ordered_at,
        documents.record_id as person_record_id,
        lines._row_id,
        lines._file_id
    from sold_lines as lines
    inner join {{ files }} as files on lines._file_id = files.file_id
    left join {{ ref('dim_customers') }} as customers
        on
            {{ shop_customer_id('files.id_scope', 'lines.customer_id') }}
            = customers.customer_id
    left join {{ ref('int_buyers__documents') }} as documents
        on
            documents.document_kind = 'order'
            and lines.order_id = documents.document_id
    left join customers_by_email
        on
            coalesce(files.id_scope, '') = customers_by_email.id_scope
            and {{ cleaning.lower_text('lines.email') }}
            = customers_by_email.email

),

totalled as (

    select
        *,
        case
            when line_net_minor is null and is_whole_order
                then coalesce(whole_subtotal_minor, whole_net_minor)
            else line_net_minor
        end as total_cost_minor
    from ordered

),

sold as (

    select * from direct

    union all

    select
        sale_id,
        order_id,
        product_id,
        customer_id,
        store_id,
        salesperson_id,
        sales_date,
        quantity,
        currency_code,
        price_cents,
        price_minor,
        {{ hundredths('total_cost_minor', 'currency_code') }}
            as total_cost_cents,
        total_cost_minor,
        source_name,
        cast(null as text) as source_sale_id,
        source_customer_id,
        cast(null as text) as source_store_id,
        cast(null as text) as source_salesperson_id,
        product_name as source_product_name,
        ordered_at as source_sales_date,
        person_record_id,
        _row_id,
        _file_id
    from totalled

),

final as (

    select
        sold.sale_id,
        sold.order_id,
        cast(replace(sold.sales_date, '-', '') as integer) as date_id,
        sold.product_id,
        sold.customer_id,
        people.person_id,
        people.organisation_id,
        sold.store_id,
        sold.salesperson_id,
        sold.sales_date,
        sold.quantity,
        sold.currency_code,
        sold.price_cents,
        {{ main_units('sold.price_minor', 'sold.currency_code') }} as price,
        sold.price_minor,
        sold.total_cost_cents,
        {{ main_units('sold.total_cost_minor', 'sold.currency_code') }}
            as total_cost,
        sold.total_cost_minor,
        {{ reporting_minor('sold.total_cost_minor', 'sold.currency_code') }}
            as total_cost_reporting_minor,
        {{ reporting_date('sold.currency_code') }} as rate_date,
        case
            -- so that sums of many stay whole numbers
            when abs(1.0 * sold.price_cents * sold.quantity) < 10000000000000000
                then sold.total_cost_cents - sold.price_cents * sold.quantity
        end as difference_cents,
        sold.source_name,
        sold.source_sale_id,
        sold.source_customer_id,
        sold.source_store_id,
        sold.source_salesperson_id,
        sold.source_product_name,
        sold.source_sales_date,
        sold._row_id,
        sold._file_id
    from sold
    left join {{ people }} as people
        on sold.person_record_id = people.record_id
    {{ reporting_join('sold.currency_code', day) }}

)

select * from final
