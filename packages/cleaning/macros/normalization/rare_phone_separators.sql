{#- What may stand between digits, apart from the usual - ( ) . / and blank. -#}
{% macro rare_phone_separators() -%}
    {{ return([
        '\u00a0', '\u202f', '\u2009', '\u2010', '\u2011', '\u2012', '\u2013',
        '\u2014', '\u2212', '\t', '\n', '\r', '·', '[', ']', '_', '\u200b',
        '\u200e', '\u202a', '\u202c', '\ufeff'
    ]) }}
{%- endmacro %}
