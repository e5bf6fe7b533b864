-- What each person sold in each store and month, and the incentive: the best
-- seller of a store and month earns 1 % of the own total, ties all of them.
-- Grain: one row per store, person, both as delivered, month and currency.
{{ config(indexes=[{'columns': ['sales_month']}]) }}

with

monthly as (

    select
        substr(sales_date, 1, 7) as sales_month,
        store_id,
        source_store_id,
        salesperson_id,
        source_salesperson_id,
        currency_code,
        count(*) as sale_count,
        {{ total_hundredths('total_cost_cents', 'currency_code') }}
            as total_cents,
        coalesce(sum(total_cost_minor), 0) as total_minor
    from {{ ref('fct_sales') }}
    group by
        substr(sales_date, 1, 7),
        store_id,
        source_store_id,
        salesperson_id,
        source_salesperson_id,
        currency_code

),

judged as (

    select
        *,
        -- nobody is paid for sales without a month, or a key that is none
        sales_month is not null
        and source_store_id is not null
        and not {{ is_list('source_store_id') }}
        and source_salesperson_id is not null
        and not {{ is_list('source_salesperson_id') }} as is_ranked
    from monthly

),

ranked as (

    select
        *,
        case when is_ranked then rank() over ranking end as sales_rank
    from judged
    window ranking as (
        partition by sales_month, source_store_id, currency_code, is_ranked
        order by total_minor desc
    )

),

rounded as (

    select
        *,
        -- 1 %, half up, in whole numbers
        cast(
            (total_minor + 50 - (total_minor + 50) % 100) / 100 as bigint
        ) as hundredth_minor
    from ranked

),

paid as (

    select
        *,
        case
            when sales_rank = 1 and total_minor > 0 then hundredth_minor
            else 0
        end as incentive_minor
    from rounded

),

final as (

    select
        {{ group_key(
            [
                'rounded.sales_month',
                'rounded.source_store_id',
                'rounded.source_salesperson_id',
            ],
            'rounded.currency_code'
        ) }} as team_month_id,
        rounded.sales_month,
        rounded.store_id,
        rounded.salesperson_id,
        salespeople.full_name,
        rounded.sale_count,
        rounded.currency_code,
        rounded.total_cents,
        {{ main_units('rounded.total_minor', 'rounded.currency_code') }}
            as total,
        rounded.total_minor,
        rounded.sales_rank,
        {{ hundredths(
            'coalesce(rounded.incentive_minor, 0)', 'rounded.currency_code'
        ) }} as incentive_cents,
        {{ main_units('rounded.incentive_minor', 'rounded.currency_code') }}
            as incentive,
        rounded.incentive_minor,
        rounded.source_store_id,
        rounded.source_salesperson_id
    from paid as rounded
    left join {{ ref('dim_salespeople') }} as salespeople
        on rounded.salesperson_id = salespeople.salesperson_id

)

select * from final
