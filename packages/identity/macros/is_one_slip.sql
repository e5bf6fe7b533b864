{#-
    Whether two different texts are one slip apart: a letter missing, wrong, or
    swapped with its neighbour. `shared` is the length of their common prefix.
-#}
{% macro is_one_slip(one, other, shared) -%}
case length({{ one }}) - length({{ other }})
    when 0
        then
            substr({{ one }}, {{ shared }} + 2)
            = substr({{ other }}, {{ shared }} + 2)
            or (
                substr({{ one }}, {{ shared }} + 3)
                = substr({{ other }}, {{ shared }} + 3)
                and substr({{ one }}, {{ shared }} + 1, 1)
                = substr({{ other }}, {{ shared }} + 2, 1)
                and substr({{ one }}, {{ shared }} + 2, 1)
                = substr({{ other }}, {{ shared }} + 1, 1)
            )
    when 1
        then
            substr({{ one }}, {{ shared }} + 2)
            = substr({{ other }}, {{ shared }} + 1)
    when -1
        then
            substr({{ one }}, {{ shared }} + 1)
            = substr({{ other }}, {{ shared }} + 2)
    else 1 = 0
end
{%- endmacro %}
