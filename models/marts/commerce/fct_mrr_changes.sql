-- How the monthly recurring revenue of each customer changed. A subscription
-- counts from its start or the end of its trial, by the last word on it, to its
-- end, by its own dates;
-- what only deliveries show, such as another plan, from the month of the
-- delivery. One that is deleted has ended by then.
-- Grain: one row per customer, currency and month in which it changed.
{{ config(indexes=[{'columns': ['mrr_month', 'currency_code']}]) }}

with

versions as (

    select * from {{ ref('int_subscriptions__versioned') }}
    where row_status in ('current', 'superseded')

),

files as (

    select max(loaded_at) as loaded_at
    from {{ ref('stg_ingest__files') }}
    where
        source_name = 'commerce'
        and table_name = 'subscriptions'
        and status = 'landed'

),

-- what files report as past has been, if it is not more than a year ahead
moments as (

    {% for column in [
        'created_at', 'period_start', 'canceled_at', 'valid_from',
    ] -%}
    select max({{ column }}) as moment
    from versions
    where
        {{ column }} <= cast(
            cast(substr(_loaded_at, 1, 4) as integer) + 1 as text
        ) || substr(_loaded_at, 5)
    union all
    {% endfor -%}
    select loaded_at as moment
    from files

),

clock as (

    select max(moment) as known_until
    from moments

),

judged as (

    select
        versions.subscription_key,
        coalesce(versions.customer_id, versions.subscription_key)
            as customer_id,
        versions.currency as currency_code,
        versions.version_number,
        substr(versions.valid_from, 1, 7) as seen_month,
        case
            when
                versions.is_gone
                and coalesce(states.subscription_state, 'active') <> 'never'
                then 'ended'
            else coalesce(states.subscription_state, 'active')
        end as state,
        versions.is_gone,
        coalesce({{ mrr(
            'versions.amount_minor', 'versions.quantity', 'intervals.per_year',
            'versions.interval_count', 'coupons.percent_off',
            'coupons.amount_off_minor'
        ) }}, 0) as mrr_minor,
        versions.valid_from,
        versions.trial_end,
        versions.period_start,
        coalesce(
            versions.started_at, versions.created_at, versions.valid_from
        ) as started_at,
        coalesce(
            versions.ended_at,
            case
                when versions.cancels_at_period_end then versions.period_end
            end
        ) as stated_end,
        versions.canceled_at,
        clock.known_until
    from versions
    cross join clock
    left join {{ ref('subscription_states') }} as states
        on {{ cleaning.code_key('versions.status') }} = states.source_status
    left join {{ ref('billing_intervals') }} as intervals
        on
            {{ cleaning.code_key('versions.billing_interval') }}
            = intervals.billing_interval
    left join {{ ref('coupons') }} as coupons
        on versions.coupon = coupons.coupon

),

-- what is known last of the end of a trial, and what was before this version
followed_trials as (

    select
        *,
        first_value(trial_end) over (
            partition by subscription_key
            order by
                case when trial_end is null then 1 else 0 end,
                version_number desc
        ) as last_trial_end,
        lag(state) over (
            partition by subscription_key order by version_number
        ) as state_before
    from judged

),

dated as (

    select
        *,
        case
            when state = 'never' then null
            when state <> 'trial' and trial_end > started_at then trial_end
            when state <> 'trial' then started_at
            when last_trial_end > valid_from then last_trial_end
        end as paying_from,
        case
            when is_gone and stated_end < valid_from then stated_end
            when is_gone then valid_from
            when state = 'ended'
                then coalesce(stated_end, canceled_at, valid_from)
            when state = 'stopped' then coalesce(period_start, valid_from)
            else stated_end
        end as ends_at
    from followed_trials

),

months as (

    select
        subscription_key,
        customer_id,
        currency_code,
        version_number,
        mrr_minor,
        known_until,
        case
            when paying_from <= known_until then substr(paying_from, 1, 7)
        end as first_month,
        case when ends_at <= known_until then substr(ends_at, 1, 7) end
            as end_month,
        -- the end of a version seen late was before it was seen
        case
            when version_number = 1 then ''
            when
                state in ('ended', 'stopped')
                and substr(ends_at, 1, 7) < seen_month
                then substr(ends_at, 1, 7)
            -- so was the end of a trial
            when
                state = 'active' and state_before = 'trial'
                and substr(last_trial_end, 1, 7) < seen_month
                then substr(last_trial_end, 1, 7)
            else seen_month
        end as effective_month
    from dated

),

followed as (

    select
        *,
        min(effective_month) over (
            partition by subscription_key
            order by version_number
            rows between 1 following and unbounded following
        ) as next_month
    from months

),

spans as (

    select
        customer_id,
        currency_code,
        mrr_minor,
        known_until,
        case
            when effective_month > first_month then effective_month
            else first_month
        end as from_month,
        case
            when end_month is null or end_month > next_month
                then coalesce(next_month, end_month)
            else end_month
        end as to_month
    from followed
    where first_month is not null and mrr_minor > 0

),

steps as (

    select
        customer_id,
        currency_code,
        from_month as mrr_month,
        mrr_minor as step_minor,
        known_until
    from spans
    where to_month is null or from_month < to_month
    union all
    select
        customer_id,
        currency_code,
        to_month as mrr_month,
        -mrr_minor as step_minor,
        known_until
    from spans
    where from_month < to_month

),

changes as (

    select
        customer_id,
        currency_code,
        mrr_month,
        sum(step_minor) as change_minor,
        max(known_until) as known_until
    from steps
    group by customer_id, currency_code, mrr_month
    having sum(step_minor) <> 0

),

added_up as (

    select
        *,
        sum(change_minor) over in_order as closing_minor,
        row_number() over in_order as change_number
    from changes
    window in_order as (
        partition by customer_id, currency_code
        order by mrr_month rows unbounded preceding
    )

),

final as (

    select
        customer_id || coalesce(':' || currency_code, '') || ':' || mrr_month
            as change_id,
        customer_id,
        currency_code,
        mrr_month,
        case
            when change_number = 1 then 'new'
            when closing_minor = change_minor then 'reactivation'
            when closing_minor = 0 then 'churn'
            when change_minor > 0 then 'expansion'
            else 'contraction'
        end as change_kind,
        closing_minor - change_minor as opening_minor,
        change_minor,
        closing_minor,
        {{ main_units('change_minor', 'currency_code') }} as change_amount,
        {{ main_units('closing_minor', 'currency_code') }} as closing,
        known_until
    from added_up

)

select * from final
