{#- The identifier of a linked record; without one its name where links may be names,
    as `name:<scope>:<name>`, which int_crm__aliases leads to a record. -#}
{% macro linked_id(id, name) -%}
case
            when {{ id }} is not null then {{ kept_id(id) }}
            when {{ name }} is not null and _links = 'names'
                then {{ name_reference('_scope', name) }}
        end
{%- endmacro %}
