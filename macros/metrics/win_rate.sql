{#- The metric: of the deals that were won or lost the share that was won, 0 to 1, an
    aggregate over rows with `is_closed` and `is_won`; NULL without such a deal.
    `scale` is 100.0 for percent. -#}
{% macro win_rate(deals=none, scale='1.0') -%}
{%- set of = deals ~ '.' if deals else '' -%}
{{ conversion(
    'sum(case when ' ~ of ~ 'is_closed and ' ~ of ~ 'is_won then 1 else 0 end)',
    'sum(case when ' ~ of ~ 'is_closed and ' ~ of
    ~ 'is_won is not null then 1 else 0 end)',
    scale
) }}
{%- endmacro %}
