-- What came into the open pipeline and what left it, deal by deal. A deal that
-- changes its owner, pipeline or currency moves out there and in here. A close
-- that is put off or brought forward is beside these, and has the open amount.
-- Grain: one row per deal, state and movement.
{{ config(materialized='view') }}
{#- What each state of a deal may be, and the amount that moves by it. #}
{%- set movements = {
    'created': ['is_entered and phase_before is null', 'brought'],
    'reopened': ['is_entered and phase_before is not null', 'brought'],
    'moved_in': ['is_moved', 'brought'],
    'grown': ['left_amount > brought', 'left_amount - brought'],
    'shrunk': ['left_amount < brought', 'brought - left_amount'],
    'won': ["not is_gone and phase = 'won'", 'left_amount'],
    'lost': ["not is_gone and phase = 'lost'", 'left_amount'],
    'closed_otherwise': ["not is_gone and phase = 'closed'", 'left_amount'],
    'deleted': ['is_gone', 'left_amount'],
    'pushed_out': [
        'was_open and is_open and close_month > close_month_before', 'left_amount',
    ],
    'pulled_in': [
        'was_open and is_open and close_month < close_month_before', 'left_amount',
    ],
} %}

with

states as (

    select
        opportunity_id,
        state_number,
        valid_from,
        pipeline_id,
        owner_id,
        currency_code,
        coalesce(
            amount_minor,
            case
                when phase <> 'open' or is_gone
                    then lag(amount_minor) over in_order
            end,
            0
        ) as amount,
        substr(close_date, 1, 7) as close_month,
        phase,
        is_gone,
        phase = 'open' and not is_gone as is_open,
        coalesce(lag(phase) over in_order = 'open', false)
        and not lag(is_gone) over in_order as was_open,
        lag(phase) over in_order as phase_before,
        coalesce(lag(is_gone) over in_order, false) as was_gone,
        lag(pipeline_id) over in_order as pipeline_before,
        lag(owner_id) over in_order as owner_before,
        lag(currency_code) over in_order as currency_before,
        coalesce(lag(amount_minor) over in_order, 0) as amount_before,
        lag(substr(close_date, 1, 7)) over in_order as close_month_before
    from {{ ref('int_opportunities__timed') }}
    window in_order as (partition by opportunity_id order by state_number)

),

moves as (

    select
        *,
        was_open and (
            pipeline_id is distinct from pipeline_before
            or owner_id is distinct from owner_before
            or currency_code is distinct from currency_before
        ) as is_moved,
        not was_open and (
            is_open
            or (
                not is_gone
                and (
                    phase_before is null
                    or (was_gone and phase_before = 'open')
                )
            )
        ) as is_entered
    from states
    where was_open or not is_gone

),

valued as (

    select
        *,
        case
            when was_open and currency_code is not distinct from currency_before
                then amount_before
            else amount
        end as brought
    from moves
    where was_open or is_entered

),

-- one that is deleted takes along what it brought
left_with as (

    select
        *,
        case when is_gone then brought else amount end as left_amount
    from valued

),

events as (

    {% for movement, (condition, amount) in movements.items() -%}
    select
        opportunity_id,
        state_number,
        valid_from,
        pipeline_id,
        owner_id,
        currency_code,
        '{{ movement }}' as movement,
        {{ amount }} as moved_minor
    from left_with
    where {{ condition }}

    union all

    {% endfor -%}
    select
        opportunity_id,
        state_number,
        valid_from,
        pipeline_before as pipeline_id,
        owner_before as owner_id,
        currency_before as currency_code,
        'moved_out' as movement,
        amount_before as moved_minor
    from valued
    where is_moved

),

final as (

    select
        opportunity_id,
        state_number,
        movement,
        valid_from as moved_at,
        substr(valid_from, 1, 7) as movement_month,
        pipeline_id,
        owner_id,
        currency_code,
        cast(moved_minor as bigint) as moved_minor,
        case
            when movement in ('created', 'reopened', 'moved_in', 'grown')
                then 1
            when movement in ('pushed_out', 'pulled_in') then 0
            else -1
        end as direction
    from events

)

select * from final
