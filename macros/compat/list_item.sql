{#- An item of a list written as text, trimmed, or NULL. -#}
{% macro list_item(x, separator, number) -%}
  {{ return(adapter.dispatch('list_item', 'revenue_warehouse')(
      x, separator, number
  )) }}
{%- endmacro %}


{#- A mark that JSON never writes for another character divides the text of the
    string as well as the string itself. -#}
{% macro sqlite__list_item(x, separator, number) -%}
{%- if separator in '"\\/bfnrtu0123456789abcdefABCDEF[]' -%}
  {%- do exceptions.raise_compiler_error(
      "list_item: separator must be a mark such as ';', got: " ~ separator
  ) -%}
{%- endif -%}
nullif(trim(json_extract(
    '[' || replace(
        json_quote(cast({{ x }} as text)), '{{ separator }}', '","'
    ) || ']',
    '$[{{ number - 1 }}]'
), ' '), '')
{%- endmacro %}


{% macro default__list_item(x, separator, number) -%}
nullif(trim(split_part({{ x }}, '{{ separator }}', {{ number }}), ' '), '')
{%- endmacro %}
