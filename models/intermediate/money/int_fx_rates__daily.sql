-- Exchange rates to the reporting currency: of each day from the first rate of
-- a currency to the newest rate of all, the last one known. A rate is one for
-- that direction, else the reciprocal of the other one with 12 digits. It is a
-- whole number of up to 12 digits in three parts, each with what its product is
-- divided by: see reporting_minor.
-- Grain: one row per currency and day.
{{ config(
    indexes=[{'columns': ['from_currency', 'day'], 'unique': true}],
) }}
{%- set reporting = reporting_currency() %}
{%- set surplus = power_of_ten('(shift - 17)') %}

with recursive

given as (

    select
        day,
        from_currency,
        to_currency,
        {{ cleaning.plain_number('rate') }} as rate
    from {{ ref('fx_rates') }}
    where
        from_currency <> to_currency
        and '{{ reporting }}' in (from_currency, to_currency)
    {{ cleaning.computed_once() }}

),

counted as (

    select
        day,
        from_currency,
        to_currency,
        ltrim(replace(rate, '.', ''), '0') as digits,
        case
            when rate like '%.%'
                then length({{ cleaning.text_after('rate', '.') }})
            else 0
        end as decimals
    from given
    where rate not like '-%'
    {{ cleaning.computed_once() }}

),

whole as (

    select
        day,
        from_currency,
        to_currency,
        cast(digits as bigint) as digits,
        {{ power_of_ten('length(digits)') }} as above,
        length(digits) as digit_count,
        decimals
    from counted
    where length(digits) between 1 and 12 and decimals <= 17
    {{ cleaning.computed_once() }}

),

-- long division: 12 digits of the reciprocal, one more decides how to round
divided_once as (

    select
        *,
        {{ whole_quotient('above', 'digits') }} as first_digits,
        above % digits * 1000000 as first_rest
    from whole
    where from_currency = '{{ reporting }}'
    {{ cleaning.computed_once() }}

),

divided_twice as (

    select
        *,
        {{ whole_quotient('first_rest', 'digits') }} as second_digits,
        first_rest % digits * 100000 as second_rest
    from divided_once
    {{ cleaning.computed_once() }}

),

either_way as (

    select
        day,
        from_currency,
        digits,
        decimals,
        0 as is_reciprocal
    from whole
    where to_currency = '{{ reporting }}'

    union all

    select
        day,
        to_currency as from_currency,
        first_digits * 100000000000 + second_digits * 100000
        + {{ whole_quotient(
            'second_rest + ' ~ whole_quotient('digits', '2'), 'digits'
        ) }} as digits,
        digit_count + 11 - decimals as decimals,
        1 as is_reciprocal
    from divided_twice

),

shifted as (

    -- by how many digits an amount times the whole number is too long
    select
        either_way.day,
        either_way.from_currency,
        either_way.digits,
        either_way.decimals + given_in.decimals - wanted_in.decimals as shift,
        row_number() over (
            partition by either_way.from_currency, either_way.day
            order by either_way.is_reciprocal
        ) as place
    from either_way
    inner join {{ ref('currencies') }} as given_in
        on either_way.from_currency = given_in.code
    inner join {{ ref('currencies') }} as wanted_in
        on wanted_in.code = '{{ reporting }}'

),

bounded as (

    select
        day,
        from_currency,
        case
            when shift > 17
                then {{ whole_quotient(
                    'digits + ' ~ whole_quotient(surplus, '2'), surplus
                ) }}
            when shift < 0 then digits * {{ power_of_ten('-shift') }}
            else digits
        end as digits,
        case
            when shift > 17 then 17
            when shift < 0 then 0
            else shift
        end as shift
    from shifted
    where place = 1 and shift between -6 and 35
    {{ cleaning.computed_once() }}

),

parted as (

    select
        day as rate_date,
        from_currency,
        {{ whole_quotient('digits', '100000000') }} as high,
        {{ whole_quotient('digits', '10000') }} % 10000 as middle,
        digits % 10000 as low,
        {{ power_of_ten('case when shift > 8 then shift - 8 else 0 end') }}
            as high_divisor,
        {{ power_of_ten('case when shift > 4 then shift - 4 else 0 end') }}
            as middle_divisor,
        {{ power_of_ten('shift') }} as low_divisor,
        {{ power_of_ten('case when shift < 8 then 8 - shift else 0 end') }}
            as high_factor,
        {{ power_of_ten('case when shift < 4 then 4 - shift else 0 end') }}
            as middle_factor,
        1 as low_factor,
        -- amounts whose products and result fit into 64 bits
        {{ whole_quotient(
            '9000000000000000000',
            whole_quotient('digits', '100000000') ~ ' + 10000'
        ) }} as largest_product,
        {{ whole_quotient(
            '4000000000000000000',
            whole_quotient('digits', power_of_ten('shift')) ~ ' + 1'
        ) }} as largest_result
    from bounded

),

ended as (

    select
        *,
        lead(rate_date) over (
            partition by from_currency order by rate_date
        ) as next_date,
        max(rate_date) over () as newest_date
    from parted

),

filled as (

    select
        *,
        rate_date as day
    from ended

    union all

    select
        rate_date,
        from_currency,
        high,
        middle,
        low,
        high_divisor,
        middle_divisor,
        low_divisor,
        high_factor,
        middle_factor,
        low_factor,
        largest_product,
        largest_result,
        next_date,
        newest_date,
        {{ next_day('day') }} as day
    from filled
    where
        day < newest_date
        and (next_date is null or {{ next_day('day') }} < next_date)

),

final as (

    select
        from_currency,
        day,
        rate_date,
        high,
        middle,
        low,
        high_divisor,
        middle_divisor,
        low_divisor,
        high_factor,
        middle_factor,
        low_factor,
        case
            when largest_product < largest_result then largest_product
            else largest_result
        end as largest
    from filled

)

select * from final
