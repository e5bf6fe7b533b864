{#- The row rules that new records of a source's judged tables break, one by one,
    and identifiers that stand more than once in one file; a whole select. Gives
    table_name, record_id, rule, severity, column_name, source_value, _row_id,
    _file_id. -#}
{% macro broken_row_rules(source_name) -%}
select
        findings.table_name,
        findings.record_id,
        findings.rule,
        rules.severity,
        findings.column_name,
        findings.source_value,
        findings._row_id,
        findings._file_id
    from (
        {% for table, judged in judged_tables(source_name).items() -%}
        {%- set relation = ref('stg_' ~ source_name ~ '__' ~ table) -%}
        {%- set record_id = judged.id -%}
        {{ 'union all' if not loop.first }}
        select
            '{{ table }}' as table_name,
            {{ table }}.{{ record_id }} as record_id,
            {{ json_value('finding.value', 'rule') }} as rule,
            {{ json_value('finding.value', 'column') }} as column_name,
            {{ json_value('finding.value', 'value') }} as source_value,
            {{ table }}._row_id,
            {{ table }}._file_id
        from {{ relation }} as {{ table }}
        {{ json_elements(table ~ '._findings', 'finding') }}
        where
            {{ table }}._findings is not null
            and {{ table }}._file_id > {{ watermark() }}

        union all

        select
            '{{ table }}' as table_name,
            {{ record_id }} as record_id,
            'id_repeated_in_file' as rule,
            '{{ judged.given_as or 'id' }}' as column_name,
            {{ record_id }} as source_value,
            _row_id,
            _file_id
        from (
            select
                {{ record_id }},
                row_number() over (
                    partition by _file_id, {{ record_id }} order by _record
                ) as occurrence,
                _row_id,
                _file_id
            from {{ relation }}
            where {{ record_id }} is not null and _file_id > {{ watermark() }}
        ) as numbered
        where occurrence > 1
        {% endfor %}
    ) as findings
    left join {{ ref('rules') }} as rules on findings.rule = rules.rule
{%- endmacro %}
