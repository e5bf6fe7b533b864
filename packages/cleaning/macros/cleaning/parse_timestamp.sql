{#-
    A point in time in any of the common forms as UTC text of fixed width,
    YYYY-MM-DDTHH:MM:SS.ffffffZ, or NULL. `time_zone` is that of values without
    one: UTC or a fixed offset such as +02:00. A date means its midnight there.
-#}
{% macro parse_timestamp(x, time_zone='UTC', date_order='mdy') -%}
    {{ return(cleaning.parse_moment('parse_timestamp', x, time_zone, date_order)) }}
{%- endmacro %}
