{#- The join that brings the rate of a day: that of the last day with one before it,
    and beyond the newest rate that one. Without a reporting currency, nothing. -#}
{% macro reporting_join(currency, day, alias='rates') -%}
{%- set daily = ref('int_fx_rates__daily') -%}
{%- if reporting_currency() -%}
{%- set newest -%}
(select max(newest.day) as day from {{ daily }} as newest)
{%- endset -%}
left join {{ daily }} as {{ alias }}
        on
            {{ currency }} = {{ alias }}.from_currency
            and {{ alias }}.day = case
                when {{ day }} > {{ newest }} then {{ newest }}
                else {{ day }}
            end
{%- endif -%}
{%- endmacro %}
