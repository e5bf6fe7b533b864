{#- The condition that a text is an identifier, not a name or an e-mail address: one
    word with a digit in it. -#}
{% macro is_system_id(x) -%}
  {{ return(adapter.dispatch('is_system_id', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__is_system_id(x) -%}
{{ cleaning.is_matched(x, "'^[^ @]*[0-9][^ @]*$'") }}
{%- endmacro %}


{% macro sqlite__is_system_id(x) -%}
({{ x }} glob '*[0-9]*' and {{ x }} not glob '*[ @]*')
{%- endmacro %}
