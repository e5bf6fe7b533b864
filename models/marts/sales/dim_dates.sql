-- The calendar: all days of the years from the first to the last sale that can
-- be right, and of every other year that a sale or an order is dated in.
-- Grain: one row per day.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='date_id',
    post_hook="{{ caught_up() }}",
) }}
{%- set sales = ref('int_sales__versioned') %}
{%- set weekdays = [
    'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday',
    'Sunday',
] %}

with recursive

span as (

    select
        cast(substr(min(sales_date), 1, 4) as integer) as first_year,
        cast(substr(max(sales_date), 1, 4) as integer) as last_year
    from {{ sales }}
    where
        sales_day >= '1990-01-01'
        and sales_day <= (
            select max(files.loaded_at) as loaded_at
            from {{ ref('stg_ingest__files') }} as files
        )

),

years_between as (

    select first_year as year_number
    from span
    where first_year is not null

    union all

    select years_between.year_number + 1 as year_number
    from years_between
    cross join span
    where years_between.year_number < span.last_year

),

years as (

    select cast(year_number as text) as year_text
    from years_between
    union
    select substr(sales_date, 1, 4) as year_text
    from {{ sales }}
    where sales_date is not null and latest_file_id > {{ watermark() }}
    union
    select substr(ordered_at, 1, 4) as year_text
    from {{ ref('fct_order_lines') }}
    where ordered_at is not null and latest_file_id > {{ watermark() }}

),

days as (

    select year_text || '-01-01' as date_day
    from years

    union all

    select {{ next_day('date_day') }} as date_day
    from days
    where substr(date_day, 6) < '12-31'

),

counted as (

    select
        date_day,
        cast(substr(date_day, 1, 4) as integer) as year,
        cast(substr(date_day, 6, 2) as integer) as month,
        cast(substr(date_day, 9, 2) as integer) as day,
        {{ iso_week('date_day') }} as iso_week,
        -- the first day of the year 1 was a Monday
        {{ days_between("'0001-01-01'", 'date_day') }} % 7 as days_since_monday
    from days
    {{ cleaning.computed_once() }}

),

quarters as (

    select
        *,
        case
            when month <= 3 then 1
            when month <= 6 then 2
            when month <= 9 then 3
            else 4
        end as quarter
    from counted

),

final as (

    select
        cast(replace(date_day, '-', '') as integer) as date_id,
        date_day,
        year,
        quarter,
        month,
        cast(substr(iso_week, 1, 4) as integer) as iso_year,
        cast(substr(iso_week, 7) as integer) as iso_week,
        day,
        case days_since_monday
            {%- for name in weekdays %}
            when {{ loop.index0 }} then '{{ name }}'
            {%- endfor %}
        end as weekday_name,
        days_since_monday >= 5 as is_weekend,
        substr(date_day, 1, 8) || '01' as month_start_date,
        substr(date_day, 1, 5)
        || case quarter
            when 1 then '01-01'
            when 2 then '04-01'
            when 3 then '07-01'
            else '10-01'
        end as quarter_start_date
    from quarters

)

select * from final
