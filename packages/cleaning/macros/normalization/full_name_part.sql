{#-
    The first or the last name within "First Middle Last" or "Last, First", as
    lower-case text. Particles belong to the last name: Ludwig van Beethoven.
-#}
{% macro full_name_part(x, part) -%}
{%- if part not in ['first', 'last'] -%}
    {%- do exceptions.raise_compiler_error(
        "full_name_part: part must be first or last, received '" ~ part ~ "'"
    ) -%}
{%- endif -%}
{{ cleaning.session_function(
    'full_name_part', [x], cleaning.full_name_part__of, [part]
) }}
{%- endmacro %}


{% macro full_name_part__of(x, part) -%}
{#- Those that stand second, as in "von der", come first. -#}
{%- set particles = [
    'der', 'den', 'dem', 'la', 'las', 'le', 'los', 'van', 'von', 'de', 'del',
    'della', 'di', 'da', 'dos', 'das', 'du', 'des', 'el', 'al', 'bin', 'ibn',
    'ten', 'ter', 'zu', 'zum', 'zur', 'st', 'san', 'mac', 'mc'
] -%}
{%- set spaced = [] -%}
{%- set glued = [] -%}
{%- for particle in particles -%}
    {%- do spaced.append(' ' ~ particle ~ ' ') -%}
    {%- do glued.append(' ' ~ particle) -%}
{%- endfor -%}
(
    with
    {#- A comma before a generation or degree is none: "John Smith, Jr." #}
    given as (
        select {{ cleaning.replace_each(
            cleaning.lower_text(x),
            ['.', ', jr', ', sr', ', ii', ', phd', ', ph d', ', mba', ', cpa', ', esq', ', m d'],
            [' ', ' jr', ' sr', ' ii', ' phd', ' ph d', ' mba', ' cpa', ' esq', ' m d']
        ) }} as v
    ),
    turned as (
        select
            trim(case
                when v like '%,%'
                    then substr(v, {{ cleaning.position_of(
                        'v', "','"
                    ) }} + 1) || ' '
                        || substr(v, 1, {{ cleaning.position_of(
                            'v', "','"
                        ) }} - 1)
                else v
            end, ' ') as v
        from given
        limit 1
    ),
    bare as (
        select {{ cleaning.name_key__bare('v') }} as plain from turned limit 1
    ),
    {%- if part == 'first' %}
    parts as (
        select {{ cleaning.text_before('plain', ' ') }} as v
        from bare
        where plain like '% %'
        limit 1
    )
    {%- else %}
    joined as (
        select {{ cleaning.replace_each("plain", spaced, glued) }} as v
        from bare
        limit 1
    ),
    parts as (select {{ cleaning.last_word('v') }} as v from joined limit 1)
    {%- endif %}
    select nullif(trim(v, ' '), '') from parts
)
{%- endmacro %}
