{#-
    What separates father and son of one name: jr, sr, ii, iii or iv for what is at
    the end of a name, or NULL. The eldest is sr, I and 1st, the youngest jr or junior.
-#}
{% macro name_generation(x) -%}
case
    {#- Most names have neither mark, and need no further look. #}
    when ({{ x }} like '% %' or {{ x }} like '%,%') and (
        {%- for mark in ['i', 'jr', 'sr', 'jun', 'sen', '_st', '_nd', '_rd', '_th'] %}
        {{ 'or ' if not loop.first }}lower({{ x }}) like '% {{ mark }}%'
        {%- endfor %}
        or lower({{ x }}) like '%,jr%'
        or lower({{ x }}) like '%,sr%'
        or lower({{ x }}) like '%,i%'
        or {{ x }} like '% İ%'
    )
        then {{ cleaning.session_function(
            'name_generation', [x], cleaning.name_generation__at_end
        ) }}
end
{%- endmacro %}


{% macro name_generation__at_end(x) -%}
(
            with
            lowered as (select lower({{ x }}) as v),
            given as (
                select
                    trim(replace(replace(replace(
                        v, 'İ', 'i'
                    ), '.', ' '), ',', ' '), ' ') as v
                from lowered
            )
            select
                case {{ cleaning.last_word('v') }}
                    {%- for word, generation in cleaning.name_generations().items() %}
                    when '{{ word }}' then '{{ generation }}'
                    {%- endfor %}
                end
            from given
        )
{%- endmacro %}


{#- What stands at the end of a name, and what it is compared as. -#}
{% macro name_generations() -%}
    {{ return({
        'jr': 'jr', 'junior': 'jr', 'sr': 'sr', 'senior': 'sr', 'i': 'sr',
        '1st': 'sr', 'ii': 'ii', '2nd': 'ii', 'iii': 'iii', '3rd': 'iii',
        'iv': 'iv', '4th': 'iv'
    }) }}
{%- endmacro %}
