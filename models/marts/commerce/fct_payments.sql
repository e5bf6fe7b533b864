-- Payments and refunds as last delivered, with what is no money marked as such:
-- what failed, was only authorised or tested, memo rows, invoices. A refund is
-- negative, whatever its system writes, and so is a chargeback.
-- Grain: one row per payment, refund or other record.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='payment_id',
    post_hook=[
        "{{ drop_gone(ref('int_payments__versioned'), 'payment_key', 'payment_id') }}",
        "{{ caught_up() }}",
    ],
    indexes=[
        {'columns': ['created_at']},
        {'columns': ['order_id']},
        {'columns': ['payment_kind']},
        {'columns': ['reference_id']},
        {'columns': ['refunded_minor']},
        {'columns': ['payout_id']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

payments as (

    {{ touched_states(ref('int_payments__versioned'), 'payment_key', [
        [touched_documents('payment'), 'document_id', 'payment_key'],
        [touched_documents('order'), 'document_id', 'order_id'],
    ]) }}

),

-- of many payments there are few kinds
kinds as (

    select
        *,
        {{ kind_says('lower_kind', 'refund') }} as is_refund,
        {{ kind_says('lower_kind', 'transfer') }} as is_transfer,
        {{ kind_says('lower_kind', 'chargeback') }} as is_chargeback,
        {{ kind_says('lower_kind', 'reversal') }} as is_reversal,
        {{ kind_says("(' ' || lower_kind)", 'fee') }} as is_fee
    from (
        select
            delivered.kind as source_kind,
            {{ cleaning.lower_text('delivered.kind') }} as lower_kind
        from (
            select distinct kind from payments
            where kind is not null
        ) as delivered
        {{ cleaning.computed_once() }}
    ) as lowered
    {{ cleaning.computed_once() }}

),

judged as (

    select
        payments.*,
        coalesce(kinds.is_refund, false) as is_refund,
        coalesce(kinds.is_transfer, false) as is_transfer,
        coalesce(kinds.is_chargeback, false) as is_chargeback,
        coalesce(kinds.is_reversal, false) as is_reversal,
        coalesce(kinds.is_fee, false) as is_fee,
        {{ is_money(
            'kinds.lower_kind', 'payments.status',
            cleaning.lower_text('payments.impact'),
            cleaning.lower_text('payments.mode'), 'payments.is_captured'
        ) }} as is_money
    from payments
    left join kinds on payments.kind = kinds.source_kind

),

given as (

    select
        payment_key as payment_id,
        order_id,
        order_number,
        document_number,
        invoice_id,
        reference as reference_id,
        payout_id,
        customer_id,
        email,
        customer_name,
        created_at,
        case
            when not is_money then 'none'
            when is_fee then 'fee'
            when is_refund then 'refund'
            when is_transfer then 'transfer'
            when is_chargeback then 'chargeback'
            else 'payment'
        end as payment_kind,
        is_money,
        currency as currency_code,
        case
            when is_fee or is_reversal and not is_refund then amount_minor
            when
                (is_refund or is_chargeback and not is_transfer)
                and amount_minor > 0
                then -amount_minor
            else amount_minor
        end as amount_minor,
        -- a system without rows of refunds can say so by its state alone
        coalesce(
            refunded_amount_minor,
            case
                when
                    kind is null and amount_minor > 0
                    and {{ says_refunded('status') }}
                    then amount_minor
            end
        ) as refunded_minor,
        refunded_at,
        -- a dispute that was won took nothing, nor one that is a warning
        case
            when
                coalesce({{ cleaning.code_key('dispute_status') }}, '')
                not in (
                    'won', 'warning closed', 'warning needs response',
                    'warning under review', 'prevented'
                )
                then nullif(abs(disputed_amount_minor), 0)
        end as disputed_minor,
        disputed_at,
        -- a cost is positive here; systems write it with either sign
        case
            when fee_minor is not null
                then coalesce(amount_minor - net_minor, abs(fee_minor))
        end as fee_minor,
        -- it is kept in the currency of the account
        coalesce(converted_currency, currency) as fee_currency_code,
        net_minor,
        tax_minor,
        converted_amount_minor as converted_minor,
        converted_currency as converted_currency_code,
        kind as source_kind,
        status as source_status,
        method as payment_method,
        description,
        latest_file_id,
        _row_id,
        _file_id
    from judged
    where not is_gone

),

final as (

    select
        given.*,
        coalesce(people.person_id, orders.person_id) as person_id,
        coalesce(people.organisation_id, orders.organisation_id)
            as organisation_id,
        {{ main_units('given.amount_minor', 'given.currency_code') }} as amount,
        {{ main_units('given.fee_minor', 'given.fee_currency_code') }} as fee,
        {{ main_units(
            reporting_minor('given.amount_minor', 'given.currency_code'),
            "'" ~ reporting_currency() ~ "'"
        ) }} as amount_reporting,
        {{ reporting_minor('given.amount_minor', 'given.currency_code') }}
            as amount_reporting_minor,
        {{ reporting_date('given.currency_code') }} as rate_date
    from given
    left join {{ ref('int_buyers__documents') }} as documents
        on
            documents.document_kind = 'payment'
            and given.payment_id = documents.document_id
    left join {{ ref('int_people__linked') }} as people
        on documents.record_id = people.record_id
    left join {{ ref('fct_orders') }} as orders
        on given.order_id = orders.order_id
    {{ reporting_join(
        'given.currency_code', 'substr(given.created_at, 1, 10)'
    ) }}

)

select * from final
