{#- The identifier of a linked record; without one its name where links may be names,
    as `name:<scope>:<name>`, which int_crm__aliases leads to a record. -#}
{% macro linked_id(id, name) -%}
{{ cleaning.session_function(
    'linked_id', [id, name, '_scope', '_links'], linked_id__of
) }}
{%- endmacro %}


{% macro linked_id__of(id, name, scope, links) -%}
case
            when {{ id }} is not null then {{ kept_id__of(id) }}
            when {{ name }} is not null and {{ links }} = 'names'
                then {{ name_reference(scope, name) }}
        end
{%- endmacro %}
