{#- The condition that an identifier is one that a spreadsheet has rounded, such as
    1.2E+17 or 1,2E+17: its digits are lost, and others look the same. -#}
{% macro is_rounded_id(x) -%}
{{ cleaning.session_function(
    'is_rounded_id', [x], is_rounded_id__of, unless=x ~ " not like '%+%'", value='false'
) }}
{%- endmacro %}


{% macro is_rounded_id__of(x) -%}
case
    when {{ cleaning.position_of(x, "'+'") }} > 2
        then upper({{ x }}) like '_%E+_%'
            and trim({{ x }}, '0123456789.,') in ('E+', 'e+')
    else false
end
{%- endmacro %}
