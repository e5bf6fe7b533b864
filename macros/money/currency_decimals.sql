{#- How many decimals a currency has, NULL where it is not known. -#}
{% macro currency_decimals(currency) -%}
(
        select currencies.decimals from {{ ref('currencies') }} as currencies
        where currencies.code = {{ currency }}
    )
{%- endmacro %}
