{#- Findings with the place of their record and an id, a whole select.
    `findings` and `row_states` name relations or CTEs. A record sent again
    unchanged is not wrong twice, but it can stand twice in one file. -#}
{% macro placed_findings(source_name, findings, row_states) -%}
select
        '{{ source_name }}:' || findings.table_name || ':' || findings._row_id
        || ':' || findings.rule || ':' || findings.column_name as finding_id,
        row_states._file_id as file_id,
        row_states._record as record,
        row_states._line as line,
        findings.record_id,
        findings.rule,
        findings.column_name,
        findings.source_value,
        row_states.row_status,
        findings._row_id as row_id
    from {{ findings }} as findings
    inner join {{ row_states }} as row_states
        on
            findings.table_name = row_states.table_name
            and findings._row_id = row_states._row_id
    where
        row_states.row_status <> 'unchanged'
        or findings.rule = 'id_repeated_in_file'
{%- endmacro %}
