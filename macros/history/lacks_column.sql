{#- The column that says whether a file lacks a declared one. -#}
{% macro lacks_column(column) -%}
lacks_{{ column | replace('/', '_or_') | replace('&', '_with_') }}
{%- endmacro %}


{#- Whether the ledger names a declared column among those that a file lacks. -#}
{% macro lacks_column__is_named(missing, column) -%}
{{ cleaning.position_of(missing, "'\"" ~ column ~ "\"'") }} > 0
{%- endmacro %}
