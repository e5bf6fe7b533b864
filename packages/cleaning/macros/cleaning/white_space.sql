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


{#- Control characters that are no white space: nobody typed them. -#}
{% macro control_characters() -%}
    {{ return([
        '\u0001', '\u0002', '\u0003', '\u0004', '\u0005', '\u0006', '\u0007',
        '\u0008', '\u000e', '\u000f', '\u0010', '\u0011', '\u0012', '\u0013',
        '\u0014', '\u0015', '\u0016', '\u0017', '\u0018', '\u0019', '\u001a',
        '\u001b', '\u001c', '\u001d', '\u001e', '\u001f', '\u007f'
    ]) }}
{%- endmacro %}
