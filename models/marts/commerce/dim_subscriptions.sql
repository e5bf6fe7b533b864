-- Subscriptions as last delivered.
-- Grain: one row per subscription.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='subscription_id',
    post_hook=[
        "{{ drop_gone(ref('int_subscriptions__versioned'), 'subscription_key', 'subscription_id') }}",
        "{{ caught_up() }}",
    ],
    indexes=[{'columns': ['latest_file_id']}],
) }}

with

subscriptions as (

    {{ touched_states(
        ref('int_subscriptions__versioned'), 'subscription_key', [
            [
                touched_documents('subscription'), 'document_id',
                'subscription_key',
            ],
        ]
    ) }}

),

given as (

    select
        subscription_key as subscription_id,
        customer_id,
        email,
        customer_name,
        status as source_status,
        plan_name,
        product as product_name,
        quantity,
        currency as currency_code,
        amount_minor,
        {{ main_units('amount_minor', 'currency') }} as amount,
        billing_interval,
        interval_count,
        coupon,
        cancels_at_period_end,
        created_at,
        started_at,
        trial_start,
        trial_end,
        period_start,
        period_end,
        canceled_at,
        ended_at,
        latest_file_id,
        _row_id,
        _file_id
    from subscriptions
    where not is_gone

),

final as (

    select
        given.*,
        people.person_id,
        people.organisation_id
    from given
    left join {{ ref('int_buyers__documents') }} as documents
        on
            documents.document_kind = 'subscription'
            and given.subscription_id = documents.document_id
    left join {{ ref('int_people__linked') }} as people
        on documents.record_id = people.record_id

)

select * from final
