{#- An item of a list written as text, trimmed, or NULL. -#}
{% macro list_item(x, separator, number) -%}
  {{ return(adapter.dispatch('list_item', 'revenue_warehouse')(
      x, separator, number
  )) }}
{%- endmacro %}


{% macro sqlite__list_item(x, separator, number) -%}
nullif(trim(json_extract(
    '["' || replace(
        replace({{ x }}, '"', '\"'), '{{ separator }}', '","'
    ) || '"]',
    '$[{{ number - 1 }}]'
)), '')
{%- endmacro %}


{% macro default__list_item(x, separator, number) -%}
nullif(trim(split_part({{ x }}, '{{ separator }}', {{ number }})), '')
{%- endmacro %}
