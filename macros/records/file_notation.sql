{#- The new files of a table with what the ledger says of how their values are
    written; a whole select. NULL where neither system nor file shows it. -#}
{% macro file_notation(source_name, table_name) -%}
{%- set written = source_settings(source_name, table_name) -%}
select
        file_id,
        case when id_scope is null then '' else id_scope || ':' end as id_scope,
        {{ json_value('notation', 'id_prefixes') }} as id_prefixes,
        {{ json_value('notation', 'null_ids') }} as null_ids,
        {{ json_value('notation', 'date_order') }} as date_order,
        {{ json_value('notation', 'decimal_mark') }} as decimal_mark,
        upper({{ json_value('notation', 'currency') }}) as currency,
        coalesce(
            {{ json_value('notation', 'time_zone') }}, '{{ written.time_zone }}'
        ) as time_zone
    from {{ source('ingest', 'ingest_files') }}
    where
        source_name = '{{ source_name }}'
        and table_name = '{{ table_name }}'
        and file_id > {{ watermark() }}
{%- endmacro %}
