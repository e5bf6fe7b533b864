{#- The identifier of the record that a reference leads to, by its row of
    int_crm__aliases, if it has one. -#}
{% macro led_to(alias, reference) -%}
case
            when {{ alias }}.alias_id is null then {{ reference }}
            else {{ alias }}.record_id
        end
{%- endmacro %}
