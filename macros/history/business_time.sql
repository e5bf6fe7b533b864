{#- When the source says a record changed: the column its declaration names as
    `business_time`, read as a timestamp; NULL where it names none. For read_columns,
    where `given_business_time` has it as delivered. -#}
{% macro business_time(source_name, table_name) -%}
{%- set written = source_settings(source_name, table_name) -%}
    {{ return(
        ['parse_timestamp', 'given_business_time', written.time_zone,
            written.date_order]
        if business_column(source_name, table_name) else 'cast(null as text)'
    ) }}
{%- endmacro %}
