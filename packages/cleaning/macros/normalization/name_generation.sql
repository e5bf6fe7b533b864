{#-
    What tells father and son of one name apart: jr, sr, ii, iii or iv at the
    end of a name, or NULL.
-#}
{% macro name_generation(x) -%}
case
    when lower({{ x }}) like '% jr%'
        or lower({{ x }}) like '% sr%'
        or lower({{ x }}) like '% i%'
        or lower({{ x }}) like '%,jr%'
        or lower({{ x }}) like '%,sr%'
        or {{ x }} like '% İ%'
        then (
            with
            lowered as (select lower({{ x }}) as v),
            given as (
                select
                    trim(replace(replace(replace(
                        v, 'İ', 'i'
                    ), '.', ' '), ',', ' '), ' ') as v
                from lowered
            )
            select {{ cleaning.last_word('v') }}
            from given
            where {{ cleaning.last_word('v') }} in (
                {%- for generation in cleaning.name_generations() -%}
                '{{ generation }}'{{ ', ' if not loop.last }}
                {%- endfor -%}
            )
        )
end
{%- endmacro %}


{% macro name_generations() -%}
    {{ return(['jr', 'sr', 'ii', 'iii', 'iv']) }}
{%- endmacro %}
