{#-
    How many characters two texts share at their beginning, up to 31. NULL for
    equal texts and for NULL. Most texts differ at their first characters, where the
    search ends.
-#}
{% macro common_prefix(one, other) -%}
case
    {%- for place in range(1, 32) %}
    when substr({{ one }}, {{ place }}, 1) <> substr({{ other }}, {{ place }}, 1) then {{ place - 1 }}
    {%- endfor %}
    when {{ one }} <> {{ other }} then 31
end
{%- endmacro %}
