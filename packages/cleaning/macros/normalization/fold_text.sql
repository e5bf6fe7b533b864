{#-
    A text reduced to what a typist means by it: letters and digits, in lower
    case, accents left out; NULL if none are left.
-#}
{% macro fold_text(x) -%}
    {{ return(adapter.dispatch('fold_text', 'cleaning')(x)) }}
{%- endmacro %}


{#- Letters that are written otherwise without their accent, and how. -#}
{% macro folded_letters() -%}
    {{ return({
        'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'þ': 'th', 'ĳ': 'ij',
        'àáâãäåāăąǎ': 'a', 'çćĉċč': 'c', 'ďđð': 'd', 'èéêëēĕėęěё': 'e',
        'ĝğġģ': 'g', 'ĥħ': 'h', 'ìíîïĩīĭįı': 'i', 'ĵ': 'j', 'ķ': 'k',
        'ĺļľŀł': 'l', 'ñńņňŉ': 'n', 'òóôõöøōŏőǒ': 'o', 'ŕŗř': 'r',
        'śŝşšș': 's', 'ţťŧț': 't', 'ùúûüũūŭůűųǔ': 'u', 'ŵ': 'w',
        'ýÿŷ': 'y', 'źżž': 'z', 'ά': 'α', 'έ': 'ε', 'ή': 'η', 'ίϊΐ': 'ι',
        'ό': 'ο', 'ύϋΰ': 'υ', 'ώ': 'ω', 'ς': 'σ', 'й': 'и',
    }) }}
{%- endmacro %}


{% macro folded_marks() -%}
    {{ return(
        ' .,-/\'&()"+#:;_*!?@|%$=<>[]{}~^`\\'
        ~ '’‘´“”„«»–—·•…°ºª®™©№§' ~ '\u00a0\u200b\ufeff\t\n\r'
    ) }}
{%- endmacro %}


{% macro default__fold_text(x) -%}
{%- set letters = cleaning.fold_text__letters() -%}
nullif({{ cleaning.fold_text__spelled(cleaning.translated_text(
    'lower(' ~ x ~ ')', letters.olds, letters.news
)) }}, '')
{%- endmacro %}


{% macro spark_strict__fold_text(x) -%}
{{ cleaning.session_function(
    'fold_text', [x], cleaning.default__fold_text
) }}
{%- endmacro %}


{#- Letters and marks to exchange, each for one letter or none. -#}
{% macro fold_text__letters() -%}
{%- set pairs = namespace(olds='', news='') -%}
{%- for letters, plain in cleaning.folded_letters().items()
    if plain | length == 1 -%}
    {%- set pairs.olds = pairs.olds ~ letters -%}
    {%- set pairs.news = pairs.news ~ plain * letters | length -%}
{%- endfor -%}
    {{ return({'olds': pairs.olds ~ cleaning.folded_marks(), 'news': pairs.news}) }}
{%- endmacro %}


{#- Letters that are spelled as two. -#}
{% macro fold_text__spelled(x) -%}
{%- set olds, news = [], [] -%}
{%- for letter, plain in cleaning.folded_letters().items()
    if plain | length > 1 -%}
    {%- do olds.append(letter) -%}
    {%- do news.append(plain) -%}
{%- endfor -%}
{{ 'replace(' * olds | length }}{{ x }}
{%- for old in olds %}, '{{ old }}', '{{ news[loop.index0] }}'){% endfor %}
{%- endmacro %}


{#- Most values need no more than their blanks and the commonest marks out. -#}
{% macro sqlite__fold_text(x) -%}
{{ cleaning.sqlite_shortcut(
    x, x ~ " not glob '*[^a-zA-Z0-9 .,''-]*'",
    "nullif(" ~ cleaning.fold_text__closed(x) ~ ", '')",
    'fold_text', cleaning.sqlite__folded
) }}
{%- endmacro %}


{% macro fold_text__closed(x) -%}
lower(replace(replace(replace(replace(replace(
            {{ x }}, ' ', ''), '.', ''), ',', ''), '-', ''), '''', ''))
{%- endmacro %}


{% macro sqlite__folded(x) -%}
{%- set letters = cleaning.fold_text__letters() -%}
(
    with recursive
    given as not materialized (select {{ x }} as v),
    closed as (
        select {{ cleaning.fold_text__closed('v') }} as v
        from given
        limit 1
    ),
    lowered as (select {{ cleaning.lower_text('v') }} as v from closed limit 1),
    {{ cleaning.sqlite__translated('lowered', letters.olds, letters.news) }}
    select nullif(v, '') from closed where v not glob '*[^a-z0-9]*'
    union all
    select nullif({{ cleaning.fold_text__spelled('v') }}, '')
    from translated
    where letter < char(1)
    limit 1
)
{%- endmacro %}
