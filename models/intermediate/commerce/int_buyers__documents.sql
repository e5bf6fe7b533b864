-- Of which buyer an order, payment or subscription is.
-- Grain: one row per kind and document that names a buyer.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['document_kind', 'document_id'],
    post_hook="delete from {{ this }} where document_kind = 'order' and not exists (
        select 1 from {{ ref('fct_order_lines') }} as present
        where
            present.order_id = {{ this.identifier }}.document_id
            and not present.is_refund
    )",
    indexes=[
        {'columns': ['document_kind', 'document_id'], 'unique': true},
        {'columns': ['record_id']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

files as (

    select
        file_id,
        id_scope
    from {{ ref('stg_ingest__files') }}

),

orders as (

    select
        'order' as document_kind,
        order_id as document_id,
        max(customer_id) as customer_id,
        max(email) as email,
        max(latest_file_id) as latest_file_id,
        min(_file_id) as _file_id
    from {{ ref('fct_order_lines') }}
    where
        not is_refund
        and order_id in (
            select newer.order_id
            from {{ ref('fct_order_lines') }} as newer
            where newer.latest_file_id > {{ watermark() }}
        )
    group by order_id

),

documents as (

    select * from orders

    union all

    select
        'payment' as document_kind,
        payment_key as document_id,
        customer_id,
        email,
        latest_file_id,
        _file_id
    from {{ ref('int_payments__versioned') }}
    where row_status = 'current' and latest_file_id > {{ watermark() }}

    union all

    select
        'subscription' as document_kind,
        subscription_key as document_id,
        customer_id,
        email,
        latest_file_id,
        _file_id
    from {{ ref('int_subscriptions__versioned') }}
    where row_status = 'current' and latest_file_id > {{ watermark() }}

),

final as (

    select
        documents.document_kind,
        documents.document_id,
        'buyer:' || {{ buyer_key(
            'documents.customer_id', 'documents.email', 'files.id_scope'
        ) }} as record_id,
        documents.latest_file_id,
        documents._file_id
    from documents
    inner join files on documents._file_id = files.file_id

)

select * from final
