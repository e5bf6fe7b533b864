{#- True or false in the usual spellings of several languages, or NULL. -#}
{% macro parse_boolean(x) -%}
    {{ return(adapter.dispatch('parse_boolean', 'cleaning')(x)) }}
{%- endmacro %}


{% macro sqlite__parse_boolean(x) -%}
{{ cleaning.session_function(
    'parse_boolean', [x], cleaning.default__parse_boolean
) }}
{%- endmacro %}


{% macro spark_strict__parse_boolean(x) -%}
{{ cleaning.session_function(
    'parse_boolean', [x], cleaning.default__parse_boolean
) }}
{%- endmacro %}


{#- Frequent words stand first; capitals are what SQLite's lower() leaves. -#}
{% macro default__parse_boolean(x) -%}
{%- set spellings = [
    ('true', 'true, 1, yes, y, t'),
    ('false', 'false, 0, no, n, f'),
    ('true', '1.0, on, x, ja, j, oui, o, si, s, sí, sÍ, sì, sÌ, sim'),
    ('true', 'да, Да, ДА, wahr, vrai, verdadero, vero, ✓, ✔'),
    ('false', '0.0, off, nein, non, não, nÃo, нет, Нет, НЕТ'),
    ('false', 'falsch, faux, falso, ✗, ✘'),
    ('true', 'checked, [x], tak, ano, áno, igen, evet, kyllä, kyllÄ, ναι, ΝΑΙ'),
    ('true', '是, はい, 예'),
    ('false', 'unchecked, [], [ ], nie, nej, nei, ne, nem, hayır, hayir'),
    ('false', 'ei, όχι, ΌΧΙ, 否, いいえ, 아니요'),
] -%}
case lower(trim({{ x }}, ' '))
    {%- for value, words in spellings %}
    {%- for word in words.split(', ') %}
    when '{{ word }}' then {{ value }}
    {%- endfor %}
    {%- endfor %}
end
{%- endmacro %}
