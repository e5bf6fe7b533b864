{#- The whole number nearest to a number; NULL beyond those that a float holds. -#}
{% macro rounded(x) -%}
case
            when abs({{ x }}) <= 9007199254740992
                then cast({{ cleaning.nearest(x) }} as bigint)
        end
{%- endmacro %}
