{#- The condition that a time names its own zone, as an offset or as UTC. -#}
{% macro has_zone(x) -%}
(
        {{ x }} like '%:%' and (
            {{ x }} like '%Z'
            or {{ x }} like '%UTC%'
            or {{ x }} like '%GMT%'
            or substr({{ x }}, length({{ x }}) - 4, 1) in ('+', '-')
            or substr({{ x }}, length({{ x }}) - 5, 1) in ('+', '-')
            or substr({{ x }}, length({{ x }}) - 2, 1) in ('+', '-')
        )
    )
{%- endmacro %}
