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
{%- set marks = cleaning.folded_marks() | replace("'", "''") -%}
{%- set pairs = namespace(olds='', news='', open='', close='') -%}
{%- for letters, plain in cleaning.folded_letters().items() -%}
    {%- if plain | length == 1 -%}
        {%- set pairs.olds = pairs.olds ~ letters -%}
        {%- set pairs.news = pairs.news ~ plain * letters | length -%}
    {%- else -%}
        {%- set pairs.open = pairs.open ~ 'replace(' -%}
        {%- set pairs.close =
            ", '" ~ letters ~ "', '" ~ plain ~ "')" ~ pairs.close -%}
    {%- endif -%}
{%- endfor -%}
nullif({{ pairs.open }}translate(
    lower({{ x }}), '{{ pairs.olds }}{{ marks }}', '{{ pairs.news }}'
){{ pairs.close }}, '')
{%- endmacro %}


{#- Most values need no more than their blanks and the commonest marks out. -#}
{% macro sqlite__fold_text(x) -%}
{{ cleaning.sqlite_shortcut(
    x, x ~ " not glob '*[^a-zA-Z0-9]*'", "nullif(lower(" ~ x ~ "), '')",
    cleaning.sqlite_shortcut(
        x, x ~ " not glob '*[^a-zA-Z0-9 .,''-]*'",
        "nullif(" ~ cleaning.fold_text__closed(x) ~ ", '')",
        cleaning.sqlite__folded(x)
    )
) }}
{%- endmacro %}


{% macro fold_text__closed(x) -%}
lower(replace(replace(replace(replace(replace(
            {{ x }}, ' ', ''), '.', ''), ',', ''), '-', ''), '''', ''))
{%- endmacro %}


{% macro sqlite__folded(x) -%}
{%- set olds = [] -%}
{%- set news = [] -%}
{%- for letters, plain in cleaning.folded_letters().items() -%}
    {%- for letter in letters -%}
        {%- do olds.append(letter) -%}
        {%- do news.append(plain) -%}
    {%- endfor -%}
{%- endfor -%}
{%- set marks = cleaning.folded_marks() | list -%}
(
    with
    given as not materialized (select {{ x }} as v),
    closed as (
        select {{ cleaning.fold_text__closed('v') }} as v
        from given
        limit 1
    ),
    lowered as (select {{ cleaning.lower_text('v') }} as v from closed limit 1)
    select nullif(v, '') from closed where v not glob '*[^a-z0-9]*'
    union all
    select nullif({{
        cleaning.replace_each('v', olds + marks, news + [''] * marks | length)
    }}, '')
    from lowered
    limit 1
)
{%- endmacro %}
