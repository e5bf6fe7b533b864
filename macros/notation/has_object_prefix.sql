{#- The condition that an identifier is that of a kind of Salesforce's objects, by its
    three first characters. -#}
{% macro has_object_prefix(x, prefix) -%}
case
    when length({{ x }}) >= 15
        then {{ x }} like '{{ prefix }}%' or {{ x }} like '%:{{ prefix }}%'
    else false
end
{%- endmacro %}
