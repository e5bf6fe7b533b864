{#-
    How many characters two texts share at their beginning, up to 31, found by
    halving. For texts that differ.
-#}
{% macro common_prefix(one, other, low=0, high=31) -%}
{%- if low == high -%}
{{ low }}
{%- else -%}
{%- set middle = (low + high + 1) // 2 if low else 1 -%}
case
    when substr({{ one }}, 1, {{ middle }}) = substr({{ other }}, 1, {{ middle }})
        then {{ identity.common_prefix(one, other, middle, high) }}
    else {{ identity.common_prefix(one, other, low, middle - 1) }}
end
{%- endif -%}
{%- endmacro %}
