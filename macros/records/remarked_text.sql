{#- A number with `wanted` as its decimal mark, of a file that writes `mark`: 1.234 of
    a file with commas is 1234, and 12,50 becomes 12.50. What can be read in one way
    only, such as 12.50 or 1.234,5, stays as it is, for that is how it will be read. -#}
{% macro remarked_text(x, mark, wanted) -%}
{{ cleaning.session_function(
    'remarked_text', [x], remarked_text__of, [mark, wanted], [',', '.'],
    x ~ " not glob '*[.,]*'", x
) }}
{%- endmacro %}


{% macro remarked_text__of(x, mark, wanted) -%}
case
            when
                {{ x }} like '%{{ mark }}%' and {{ x }} not like '%{{ wanted }}%'
                and {{ x }} not like '%{{ mark }}%{{ mark }}%'
                then replace({{ x }}, '{{ mark }}', '{{ wanted }}')
            when {{ cleaning.amount_ambiguous(x, wanted) }}
                then replace({{ x }}, '{{ wanted }}', '')
            else {{ x }}
        end
{%- endmacro %}
