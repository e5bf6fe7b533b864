{#- An identifier, unless a spreadsheet has rounded it. -#}
{% macro kept_id(x) -%}
  {{ return(cleaning.session_function(
      'kept_id', [x], kept_id__of, unless=x ~ " not like '%+%'", value=x
  )) }}
{%- endmacro %}


{% macro kept_id__of(x) -%}
case when not {{ is_rounded_id__of(x) }} then {{ x }} end
{%- endmacro %}
