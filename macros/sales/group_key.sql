{#- The key of a group of sales: a JSON array of what it is grouped by, with the currency
    where that is not the declared one. -#}
{% macro group_key(columns, currency) -%}
{%- set declared = source_settings('sales', 'transactions').currency -%}
case
            when {{ currency }} is not distinct from {{
                "'" ~ declared ~ "'" if declared else 'null' }}
                then {{ json_array_text(columns) }}
            else {{ json_array_text(columns + [currency]) }}
        end
{%- endmacro %}
