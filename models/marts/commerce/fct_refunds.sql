-- What was given back, each time once, however many files report it. A refund
-- of its own counts first, then what a payment's sum of refunds has beyond
-- those that are known, then what an order's has. Reports are of one event
-- where an identifier or a reference leads from one to the other; nothing else
-- links them.
-- Grain: one row per refund, or per sum of refunds that nothing breaks down.
{{ config(
    indexes=[
        {'columns': ['refunded_at']},
        {'columns': ['order_id']},
    ],
) }}
{%- set payments = ref('fct_payments') %}
{%- set orders = ref('fct_orders') %}
{%- set key = 'order_id, currency_code' %}

with

files as (

    select
        file_id,
        coalesce(id_scope, '') as scope,
        table_name
    from {{ ref('fct_ingest_files') }}
    where source_name = 'commerce' and status = 'landed'

),

paying as (

    select distinct scope from files
    where table_name = 'payments'

),

disputed as (

    select distinct files.scope
    from {{ payments }} as paid
    inner join files on paid._file_id = files.file_id
    where paid.disputed_minor > 0

),

-- a refund with the identifier of its payment has that of a refund behind it
refunds as (

    select
        *,
        case
            when payment_id like '%:refund'
                then substr(payment_id, 1, length(payment_id) - 7)
            else reference_id
        end as refunded_id
    from {{ payments }}
    where payment_kind in ('refund', 'chargeback')

),

-- some systems refer to the intent of the payment
by_intent as (

    select
        reference_id,
        min(payment_id) as payment_id
    from {{ payments }}
    where
        payment_kind = 'payment'
        and reference_id in (select refunds.refunded_id from refunds)
    group by reference_id

),

single as (

    select
        refunds.payment_id as refund_id,
        'refund' as refund_kind,
        'refund' as evidence,
        refunds.created_at as refunded_at,
        coalesce(paid.payment_id, by_intent.payment_id) as payment_id,
        coalesce(paid.order_id, refunds.order_id) as order_id,
        coalesce(refunds.order_number, paid.order_number) as order_number,
        refunds.currency_code,
        -refunds.amount_minor as amount_minor,
        'payments' as source_table,
        refunds._row_id,
        refunds._file_id
    from refunds
    left join by_intent on refunds.refunded_id = by_intent.reference_id
    left join {{ payments }} as paid
        on
            refunds.refunded_id = paid.payment_id
            and paid.payment_kind = 'payment'
    where refunds.payment_kind = 'refund'

),

-- a chargeback and what came back of it
taken_back as (

    select
        min(charged.payment_id) as refund_id,
        'chargeback' as refund_kind,
        'refund' as evidence,
        max(
            case when charged.amount_minor < 0 then charged.created_at end
        ) as refunded_at,
        paid.payment_id,
        paid.order_id,
        coalesce(max(charged.order_number), paid.order_number)
            as order_number,
        charged.currency_code,
        -sum(charged.amount_minor) as amount_minor,
        'payments' as source_table,
        min(charged._row_id) as _row_id,
        min(charged._file_id) as _file_id
    from refunds as charged
    left join {{ payments }} as paid
        on
            charged.refunded_id = paid.payment_id
            and paid.payment_kind = 'payment'
    where charged.payment_kind = 'chargeback'
    group by
        coalesce(charged.refunded_id, charged.payment_id),
        charged.currency_code,
        paid.payment_id,
        paid.order_id,
        paid.order_number
    having sum(charged.amount_minor) < 0

),

-- a settlement has several amounts of one refund; of these, what the buyer got
booked as (

    select
        min(entry_id) as entry_id,
        entry_kind,
        coalesce(source_id, order_id || '|' || created_at) as source_id,
        payment_id,
        max(order_id) as order_id,
        max(created_at) as refunded_at,
        currency_code,
        -sum(amount_minor) as amount_minor,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from {{ ref('fct_balance_entries') }}
    where
        entry_kind in ('refund', 'chargeback')
        and (
            source_id is not null
            or source_part in ('ItemPrice', 'Promotion', 'total')
        )
    group by
        entry_kind,
        coalesce(source_id, order_id || '|' || created_at),
        payment_id,
        currency_code
    having sum(amount_minor) < 0

),

-- an account whose payments are delivered has its refunds there, but for those
-- of a payment that the entry names
balanced as (

    select
        booked.entry_id as refund_id,
        booked.entry_kind as refund_kind,
        'balance' as evidence,
        booked.refunded_at,
        booked.payment_id,
        coalesce(booked.order_id, paid.order_id) as order_id,
        paid.order_number,
        booked.currency_code,
        booked.amount_minor,
        'balance_entries' as source_table,
        booked._row_id,
        booked._file_id
    from booked
    inner join files on booked._file_id = files.file_id
    left join refunds on booked.source_id = refunds.payment_id
    left join {{ payments }} as paid on booked.payment_id = paid.payment_id
    where
        refunds.payment_id is null
        and (
            case
                when booked.entry_kind <> 'chargeback' then false
                when paid.payment_id is not null then true
                -- of these the payment is not named: its own file counts
                else files.scope not in (select disputed.scope from disputed)
            end
            or booked.entry_kind = 'refund' and case
                when paid.payment_id is not null
                    then
                        paid.currency_code = booked.currency_code
                        or coalesce(paid.refunded_minor, 0) = 0
                else
                    files.scope not in (select paying.scope from paying)
            end
        )

),

known as (

    select * from single
    union all
    select * from taken_back
    union all
    select * from balanced

),

known_of_payments as (

    -- a text for SQLite, which indexes no column of an unknown type
    select
        cast(payment_id as text) as payment_id,
        currency_code,
        sum(amount_minor) as amount_minor
    from known
    where payment_id is not null and refund_kind = 'refund'
    group by payment_id, currency_code

),

-- the sum of a payment is dated by the last refund
reported as (

    select * from known
    union all
    select
        paid.payment_id || ':refunded' as refund_id,
        'refund' as refund_kind,
        'payment' as evidence,
        case when singles.payment_id is null then paid.refunded_at end
            as refunded_at,
        paid.payment_id,
        paid.order_id,
        paid.order_number,
        paid.currency_code,
        paid.refunded_minor - coalesce(singles.amount_minor, 0)
            as amount_minor,
        'payments' as source_table,
        paid._row_id,
        paid._file_id
    from {{ payments }} as paid
    left join known_of_payments as singles
        on
            paid.payment_id = singles.payment_id
            and paid.currency_code is not distinct from singles.currency_code
    where
        paid.refunded_minor > 0
        and paid.payment_kind = 'payment'
        and paid.refunded_minor > coalesce(singles.amount_minor, 0)
    union all
    -- unless the balance has the dispute, and what became of it
    select
        paid.payment_id || ':disputed' as refund_id,
        'chargeback' as refund_kind,
        'payment' as evidence,
        paid.disputed_at as refunded_at,
        paid.payment_id,
        paid.order_id,
        paid.order_number,
        paid.currency_code,
        paid.disputed_minor as amount_minor,
        'payments' as source_table,
        paid._row_id,
        paid._file_id
    from {{ payments }} as paid
    where
        paid.disputed_minor > 0
        and paid.payment_kind = 'payment'
        and paid.payment_id not in (
            select entries.payment_id
            from {{ ref('fct_balance_entries') }} as entries
            where
                entries.entry_kind = 'chargeback'
                and entries.payment_id is not null
        )
        and paid.payment_id not in (
            select charged.refunded_id from refunds as charged
            where
                charged.payment_kind = 'chargeback'
                and charged.refunded_id is not null
        )

),

-- payments name an order by its number, with or without its sign
numbers as (

    select distinct order_number from reported
    where order_id is null and order_number is not null

),

-- of an order that two shops' files report one counts
repeated as (

    select
        order_id,
        counted_id
    from {{ ref('bridge_order_reports') }}
    where evidence <> 'delivered as a sale'

),

named as (

    {{ orders_by_number('numbers', orders) }}

),

placed as (

    select
        reported.refund_id,
        reported.refund_kind,
        reported.evidence,
        reported.refunded_at,
        reported.payment_id,
        coalesce(repeated.counted_id, reported.order_id, named.order_id)
            as order_id,
        reported.order_number,
        reported.currency_code,
        reported.amount_minor,
        reported.source_table,
        reported._row_id,
        reported._file_id,
        files.scope = shops.scope as is_of_shop
    from reported
    inner join files on reported._file_id = files.file_id
    left join named
        on
            reported.order_id is null
            and reported.order_number = named.order_number
    left join repeated on reported.order_id = repeated.order_id
    left join {{ orders }} as orders
        on
            coalesce(repeated.counted_id, reported.order_id, named.order_id)
            = orders.order_id
    left join files as shops on orders._file_id = shops.file_id

),

-- a shop and those who took the money report the same refunds of an order:
-- those of the one who reports more count
by_side as (

    select
        {{ key }},
        sum(case when is_of_shop then amount_minor else 0 end) as of_shop_minor,
        sum(case when not is_of_shop then amount_minor else 0 end)
            as of_others_minor
    from placed
    where
        order_id is not null
        and is_of_shop is not null
        and refund_kind = 'refund'
    group by {{ key }}

),

counted as (

    select placed.*
    from placed
    left join by_side
        on
            placed.order_id = by_side.order_id
            and placed.currency_code is not distinct from by_side.currency_code
    where
        by_side.order_id is null
        or placed.is_of_shop is null
        or placed.refund_kind <> 'refund'
        or placed.is_of_shop
        = (by_side.of_shop_minor >= by_side.of_others_minor)

),

-- rows of refunds in files of orders
returned as (

    select
        lines.order_id,
        lines.currency_code,
        lines.ordered_at as refunded_at,
        sum(
            abs(
                case
                    when lines.is_whole_order then lines.order_total_minor
                    else lines.net_minor + coalesce(lines.tax_minor, 0)
                end
            )
        ) as amount_minor,
        min(lines._row_id) as _row_id,
        min(lines._file_id) as _file_id
    from {{ ref('fct_order_lines') }} as lines
    where
        lines.is_refund
        and lines.order_id not in (select repeated.order_id from repeated)
    group by lines.order_id, lines.currency_code, lines.ordered_at

),

-- up to how much each kind of report leads, in the order in which they count
levels as (

    select
        order_id,
        currency_code,
        0 as place,
        'known' as evidence,
        cast(null as text) as refunded_at,
        sum(amount_minor) as amount_minor,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from counted
    where order_id is not null and refund_kind = 'refund'
    group by {{ key }}
    union all
    select
        order_id,
        currency_code,
        1 as place,
        'lines' as evidence,
        refunded_at,
        sum(amount_minor) over (
            partition by {{ key }}
            order by refunded_at rows unbounded preceding
        ) as amount_minor,
        _row_id,
        _file_id
    from returned
    where amount_minor > 0
    union all
    select
        order_id,
        currency_code,
        2 as place,
        'order' as evidence,
        cast(null as text) as refunded_at,
        refunded_minor as amount_minor,
        _row_id,
        _file_id
    from {{ orders }}
    where
        refunded_minor > 0
        and order_id not in (select repeated.order_id from repeated)

),

-- what each of them has beyond all before it
beyond as (

    select
        *,
        amount_minor - coalesce(
            max(amount_minor) over (
                partition by {{ key }} order by place, amount_minor
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as beyond_minor
    from levels

),

counted_once as (

    select
        refund_id,
        refund_kind,
        evidence,
        refunded_at,
        payment_id,
        order_id,
        order_number,
        currency_code,
        amount_minor,
        source_table,
        _row_id,
        _file_id
    from counted
    union all
    select
        order_id || ':' || evidence || coalesce(':' || currency_code, '')
        || coalesce(':' || refunded_at, '') as refund_id,
        'refund' as refund_kind,
        evidence,
        refunded_at,
        cast(null as text) as payment_id,
        order_id,
        cast(null as text) as order_number,
        currency_code,
        beyond_minor as amount_minor,
        'order_lines' as source_table,
        _row_id,
        _file_id
    from beyond
    where place > 0 and beyond_minor > 0

),

-- currencies in which a shop gave something back
of_shops as (

    select distinct currency_code from counted_once
    where order_id is not null and currency_code is not null

),

final as (

    select
        counted_once.*,
        counted_once.refund_kind = 'refund'
        and counted_once.order_id is null
        and coalesce(
            counted_once.currency_code in (
                select of_shops.currency_code from of_shops
            ), false
        ) as is_unlinked,
        {{ main_units(
            'counted_once.amount_minor', 'counted_once.currency_code'
        ) }} as amount,
        {{ main_units(
            reporting_minor(
                'counted_once.amount_minor', 'counted_once.currency_code'
            ), "'" ~ reporting_currency() ~ "'"
        ) }} as amount_reporting,
        {{ reporting_minor(
            'counted_once.amount_minor', 'counted_once.currency_code'
        ) }} as amount_reporting_minor,
        {{ reporting_date('counted_once.currency_code') }} as rate_date
    from counted_once
    {{ reporting_join(
        'counted_once.currency_code',
        'substr(counted_once.refunded_at, 1, 10)'
    ) }}

)

select * from final
