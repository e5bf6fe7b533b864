{#- The ISO 4217 code of an amount: of its own column, else as amount_currency read it;
    NULL where that is not known. -#}
{% macro amount_code() -%}
nullif(coalesce(row_currency, amount_currency), 'XXX')
{%- endmacro %}
