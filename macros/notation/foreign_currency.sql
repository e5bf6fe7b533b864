{#- The condition that an amount is in another currency than declared though its row names
    none, or that its row and its sign name two. A system's file has no declared one. -#}
{% macro foreign_currency(given, declared) -%}
  {%- set declared = "'" ~ declared ~ "'" if declared else 'null' -%}
  {{ return(
      given ~ ' is not null and ((_is_system = 0'
      ~ ' and row_currency is null and amount_currency is distinct from ' ~ declared
      ~ ') or (row_currency is not null and row_currency <> amount_currency'
      ~ ' and amount_currency is distinct from _currency))'
  ) }}
{%- endmacro %}
