{#-
    A name of a person or thing. Null, Na and None are names that people
    bear, so only the markers which no name can be are taken as missing: those
    with something other than letters in them.
-#}
{% macro clean_name(x) -%}
    {{ return(cleaning.tidy_text(x, cleaning.name_markers(), 'collapse')) }}
{%- endmacro %}


{% macro name_markers() -%}
    {%- set markers = [] -%}
    {%- for marker in cleaning.missing_markers() if not marker.isalpha() -%}
        {%- do markers.append(marker) -%}
    {%- endfor -%}
    {{ return(markers) }}
{%- endmacro %}
