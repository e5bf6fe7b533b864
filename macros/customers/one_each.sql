{#- The group whose records have no duplicates among themselves, by the setting one_each
    of an entity: a list of kinds of records, or of kind:source. -#}
{% macro one_each(entity, record_kind, source_name) -%}
{%- set kinds, sources = [], [] -%}
{%- for given in var('identity')[entity].one_each or [] -%}
    {%- do (sources if ':' in given else kinds).append(given | replace("'", "''")) -%}
{%- endfor -%}
case
            when {{ record_kind }} in ('{{ kinds | join("', '") }}')
                then {{ record_kind }}
            {%- if sources %}
            when
                {{ record_kind }} || ':' || {{ source_name }}
                in ('{{ sources | join("', '") }}')
                then {{ record_kind }} || ':' || {{ source_name }}
            {%- endif %}
        end
{%- endmacro %}
