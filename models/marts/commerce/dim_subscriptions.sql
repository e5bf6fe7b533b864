-- Subscriptions as last delivered.
-- Grain: one row per subscription.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='subscription_id',
    post_hook="{{ drop_gone(ref('int_subscriptions__versioned'), 'subscription_key', 'subscription_id') }}",
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

final as (

    select
        subscriptions.subscription_key as subscription_id,
        people.person_id,
        people.organisation_id,
        subscriptions.customer_id,
        subscriptions.email,
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
        subscriptions.latest_file_id,
        subscriptions._row_id,
        subscriptions._file_id
    from subscriptions
    {{ document_people('subscription', 'subscriptions.subscription_key') }}
    where not subscriptions.is_gone

)

select * from final
