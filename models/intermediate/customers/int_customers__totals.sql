-- What is known of the events of a person at an organisation, in one currency:
-- times, counts and sums, from which those of each customer are made. Events of
-- nobody who is known are summed by month.
-- Grain: one row per organisation, person, month of what is of nobody, and
-- currency.
{%- set leads = "event_kind in ("
    ~ "'crm_lead', 'form_lead', 'prospect_lead', 'call_centre')" %}
{%- set ordered = "is_purchase and event_kind in ('order', 'sale')" %}
{%- set brought = "event_kind in ("
    ~ "'order', 'sale', 'payment', 'refund', 'chargeback')" %}

with

events as (

    select
        *,
        -- what was given back is no touch
        case
            when is_purchase or not ({{ brought }})
                then coalesce(occurred_at, {{ undated() }})
        end as touched_at,
        case event_kind
            {%- for kind in touch_kinds() %}
            when '{{ kind }}' then '{{ 'abcdefghijklmnop'[loop.index0] }}'
            {%- endfor %}
        end as place,
        case
            when person_id is null and organisation_id is null
                then coalesce(substr(occurred_at, 1, 7), '')
        end as nobody_month
    from {{ ref('int_customers__events') }}

),

final as (

    select
        {{ json_array_text([
            'organisation_id', 'person_id', 'nobody_month', 'currency_code'
        ]) }} as totals_id,
        organisation_id,
        person_id,
        nobody_month,
        currency_code,
        -- the least of these has the first of its times
        min(
            touched_at || place || coalesce(system_name, '')
            || coalesce(': ' || lead_source, '')
        ) as first_touch,
        min(
            case
                when currency_code is not null
                    then coalesce(occurred_at, {{ undated() }}) || currency_code
            end
        ) as first_currency,
        min(case when {{ leads }} then occurred_at end) as first_lead_at,
        -- contacts whose status was that of a lead, too
        min(case when is_lead then occurred_at end) as lead_stage_at,
        min(qualified_at) as qualified_at,
        -- what was qualified, nobody knows when, but not before this
        min(
            case
                when is_qualified and qualified_at is null
                    then coalesce(occurred_at, '')
            end
        ) as qualified_unseen_from,
        min(case when event_kind = 'contact' then occurred_at end)
            as first_contact_at,
        min(case when event_kind = 'activity' then occurred_at end)
            as first_activity_at,
        min(case when event_kind = 'deal' then occurred_at end)
            as first_deal_at,
        min(won_at) as first_won_at,
        min(case when {{ ordered }} then occurred_at end) as first_order_at,
        max(case when {{ ordered }} then occurred_at end) as last_order_at,
        min(case when is_purchase then occurred_at end) as first_purchase_at,
        max(case when is_purchase then occurred_at end) as last_purchase_at,
        sum(case when {{ leads }} then 1 else 0 end) as lead_count,
        sum(case when is_lead then 1 else 0 end) as lead_stage_count,
        sum(case when is_qualified then 1 else 0 end) as qualified_count,
        sum(case when event_kind = 'deal' then 1 else 0 end) as deal_count,
        sum(case when is_open then 1 else 0 end) as open_deal_count,
        sum(case when is_won then 1 else 0 end) as won_count,
        sum(case when {{ ordered }} then 1 else 0 end) as order_count,
        sum(case when is_purchase then 1 else 0 end) as purchase_count,
        sum(case when {{ brought }} then 1 else 0 end) as revenue_count,
        cast(
            coalesce(sum(case when is_won then amount_minor end), 0) as bigint
        ) as won_minor,
        cast(
            coalesce(sum(case when is_purchase then amount_minor end), 0)
            as bigint
        ) as paid_minor,
        cast(
            coalesce(sum(case when {{ brought }} then amount_minor end), 0)
            as bigint
        ) as revenue_minor,
        cast(
            sum(case when {{ brought }} then amount_reporting_minor end)
            as bigint
        ) as revenue_reporting_minor,
        -- amounts that no rate was known for
        sum(
            case
                when
                    {{ brought }}
                    and amount_minor is not null
                    and amount_reporting_minor is null
                    then 1
                else 0
            end
        ) as unconverted_count
    from events
    group by organisation_id, person_id, nobody_month, currency_code

)

select * from final
