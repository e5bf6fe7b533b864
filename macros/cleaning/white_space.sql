{#-
    The characters that count as white space, as a list for loops:
      controls    tab, line feed, vertical tab, form feed, carriage return
      wide        blanks outside ASCII, and the Unicode line ends
      zero_width  characters without width, which separate nothing
-#}
{% macro white_space(kind) -%}
    {{ return({
        'controls': ['\t', '\n', '\u000b', '\u000c', '\r'],
        'wide': [
            '\u0085', '\u00a0', '\u1680', '\u2000', '\u2001', '\u2002',
            '\u2003', '\u2004', '\u2005', '\u2006', '\u2007', '\u2008',
            '\u2009', '\u200a', '\u2028', '\u2029', '\u202f', '\u205f',
            '\u3000'
        ],
        'zero_width': ['\u200b', '\u2060', '\ufeff'],
    }[kind]) }}
{%- endmacro %}
