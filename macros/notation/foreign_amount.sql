{#- An amount as given, where it is in another currency than declared. -#}
{% macro foreign_amount(source_name, table_name, given) -%}
{%- set currency = source_settings(source_name, table_name).currency -%}
case
            when coalesce(row_currency, amount_currency)
                is distinct from {{ "'" ~ currency ~ "'" if currency else 'null' }}
                then {{ given }}
        end
{%- endmacro %}
