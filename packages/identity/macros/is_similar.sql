{#-
    Whether two texts share at least half of their pairs of neighbouring
    letters (Dice's coefficient, over their first 17 letters).
-#}
{% macro is_similar(one, other) -%}
{%- set found = cleaning.position_of(other, 'substr(' ~ one ~ ', :place, 2)') -%}
4 * (
    {%- for place in range(1, 17) %}
    {{ '+' if not loop.first }} case when {{ place }} < length({{ one }}) and {{ found | replace(':place', place) }} > 0 then 1 else 0 end
    {%- endfor %}
) >= {{ cleaning.least_of(['length(' ~ one ~ ')', '17']) }}
    + {{ cleaning.least_of(['length(' ~ other ~ ')', '17']) }} - 2
{%- endmacro %}
