-- How often do we win, month by month? Of the deals won or lost in a month the
-- share that was won, over all currencies.
select
    dimension_value as close_month,
    won_count,
    lost_count,
    round(100 * win_rate, 1) as win_rate_percent
from {{ ref('rpt_win_rate') }}
where dimension = 'close_month' and dimension_value is not null
order by close_month
