-- What is wrong with what shop and payment systems deliver.
-- Grain: one row per record, rule and column.
{%- set subscriptions = ref('int_subscriptions__versioned') %}
{%- set orders = ref('fct_orders') %}
{%- set current = "row_status = 'current'" %}
{%- set unlinked -%}
select
        source_table as table_name,
        refund_id as record_id,
        'refund_unlinked' as rule,
        case
            when source_table = 'payments' then 'order_number'
            else 'order_id'
        end as column_name,
        order_number as source_value,
        _row_id
    from (
        select
            *,
            row_number() over (
                partition by _file_id, order_number is null order by _row_id
            ) as place
        from {{ ref('fct_refunds') }}
        where is_unlinked
    ) as refunds
    -- of those that name no order the first of a file
    where order_number is not null or place = 1
{%- endset -%}
{#- Of one order in two accounts the identifier is one. -#}
{%- set numbered -%}
select
                    {number} as order_number,
                    substr(
                        orders.order_id,
                        length(coalesce(files.id_scope || ':', '')) + 1
                    ) as bare_id
                from {{ orders }} as orders
                inner join {{ ref('stg_ingest__files') }} as files
                    on orders._file_id = files.file_id
{%- endset -%}
{%- set ambiguous -%}
select
        'payments' as table_name,
        payment_id as record_id,
        'payment_unlinked' as rule,
        'order_number' as column_name,
        order_number as source_value,
        _row_id
    from {{ ref('fct_payments') }}
    where
        payment_kind = 'payment'
        and order_id is null
        and order_number in (
            select numbered.order_number from (
                {{ numbered | replace('{number}', 'orders.order_number') }}
                union
                {{ numbered | replace(
                    '{number}', 'substr(orders.order_number, 2)'
                ) }}
                where orders.order_number like '#%'
            ) as numbered
            group by numbered.order_number
            having count(*) > 1
        )
{%- endset -%}
{%- set unsaid -%}
select
        'order_lines' as table_name,
        order_id as record_id,
        'refund_unsaid' as rule,
        'refunded_amount' as column_name,
        coalesce(source_payment_status, source_status) as source_value,
        _row_id
    from {{ orders }}
    where
        order_state = 'partially_refunded'
        and refunded_minor is null
        and order_id not in (
            select refunds.order_id from {{ ref('fct_refunds') }} as refunds
            where refunds.order_id is not null
        )
{%- endset -%}
{{ source_findings('commerce', [
    unlinked,
    ambiguous,
    unsaid,
    unknown_words(
        'code_unknown', 'subscriptions', subscriptions, 'subscription_key',
        'status', 'status', ref('subscription_states'), ['source_status'],
        current
    ),
    unknown_words(
        'interval_unknown', 'subscriptions', subscriptions, 'subscription_key',
        'billing_interval', 'billing_interval', ref('billing_intervals'),
        ['billing_interval'], current
    ),
    unknown_words(
        'coupon_unknown', 'subscriptions', subscriptions, 'subscription_key',
        'coupon', 'coupon', ref('coupons'), ['coupon'], current
    ),
    unknown_words(
        'code_unknown', 'order_lines', orders, 'order_id', 'payment_status',
        'source_payment_status', ref('order_states'),
        ['source_status', "known.status_of = 'payment'"]
    ),
    unknown_words(
        'code_unknown', 'order_lines', orders, 'order_id', 'status',
        'source_status', ref('order_states'),
        ['source_status', "known.status_of = 'order'"],
        'source_payment_status is null'
    ),
    unknown_words(
        'code_unknown', 'payments', ref('fct_payments'), 'payment_id', 'status',
        'source_status', ref('payment_states'), ['source_status']
    ),
]) }}
