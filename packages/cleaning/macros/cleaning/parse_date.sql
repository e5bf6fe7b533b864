{#-
    A date in any of the common forms as YYYY-MM-DD, or NULL. A time behind it
    is checked and left out, its zone too: the date is the one written. For
    05/04/2024 the declared order decides; with dots the day comes first.
-#}
{% macro parse_date(x, date_order='mdy') -%}
    {{ return(cleaning.parse_moment('parse_date', x, none, date_order)) }}
{%- endmacro %}
