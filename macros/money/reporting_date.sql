{#- The day of the rate that an amount was converted by: NULL for one in the
    reporting currency, and for one without a rate. -#}
{% macro reporting_date(currency, alias='rates') -%}
{%- set reporting = reporting_currency() -%}
{%- if not reporting -%}
cast(null as text)
{%- else -%}
case when {{ currency }} <> '{{ reporting }}' then {{ alias }}.rate_date end
{%- endif -%}
{%- endmacro %}
