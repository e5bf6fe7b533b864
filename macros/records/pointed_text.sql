{#- A number with a decimal point, whatever the decimal mark of its file is. -#}
{% macro pointed_text(x, decimal_mark) -%}
case
        when {{ decimal_mark }} = '.' then {{ x }}
        else {{ remarked_text(x, ',', '.') }}
    end
{%- endmacro %}


{#- A number with `wanted` as its decimal mark, of a file that writes `mark`: 1.234 of
    a file with commas is 1234, and 12,50 becomes 12.50. What can be read in one way
    only, such as 12.50 or 1.234,5, stays as it is, for that is how it will be read. -#}
{% macro remarked_text(x, mark, wanted) -%}
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


{#- The condition that a number such as 1,234 could have thousands or decimals. -#}
{% macro is_two_way(x) -%}
({{ cleaning.amount_ambiguous(x, '.') }} or {{ cleaning.amount_ambiguous(x, ',') }})
{%- endmacro %}
