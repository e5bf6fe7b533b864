{#- A text in which each character of one string is the one at the same place of
    another; those behind its end go. -#}
{% macro translated_text(x, olds, news) -%}
    {{ return(adapter.dispatch('translated_text', 'cleaning')(x, olds, news)) }}
{%- endmacro %}


{% macro default__translated_text(x, olds, news) -%}
translate({{ x }}, '{{ olds | replace("'", "''") }}', '{{ news }}')
{%- endmacro %}


{% macro sqlite__translated_text(x, olds, news) -%}
(
    with recursive
    given as (select {{ x }} as v),
    {{ cleaning.sqlite__translated('given', olds, news) }}
    select v from translated where letter < char(1)
)
{%- endmacro %}


{#- A CTE, `translated`, of the steps from the rows of another; in the last ones the
    letter is below the first character. One step for each different character
    that is not sure to stay; of these most texts have none or few. -#}
{% macro sqlite__translated(given, olds, news) -%}
{%- set kept = [] -%}
{%- for character in ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    ~ '[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~' if character not in olds -%}
    {%- do kept.append(character | replace("'", "''")) -%}
{%- endfor -%}
{%- set kept = kept | join -%}
translated (v, rest, letter) as (
        select v, v, substr(ltrim(v, '{{ kept }}'), 1, 1) from {{ given }}
        union all
        select
            replace(v, letter, substr(
                letter || '{{ news }}',
                instr('{{ olds | replace("'", "''") }}', letter) + 1, 1
            )),
            replace(rest, letter, ''),
            substr(ltrim(replace(rest, letter, ''), '{{ kept }}'), 1, 1)
        from translated
        where letter >= char(1)
    )
{%- endmacro %}
