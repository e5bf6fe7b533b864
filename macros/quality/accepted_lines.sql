{#- Findings and the lines of accepted_findings that accept them, a whole select.
    What a line says has to be so of the finding; what it leaves open can be anything.
    Each line names one thing by which findings are looked up. -#}
{% macro accepted_lines(acceptances, findings) -%}
{%- set named = {
    'record': ['source_name', 'table_name', 'record_id'],
    'place': ['file_name', 'record'],
    'value': ['source_value'],
    'rule': [],
} %}
{%- set said = [
    'source_name', 'table_name', 'column_name', 'record_id', 'source_value',
    'file_name', 'record',
] %}
{%- for kind, columns in named.items() %}
    {{- '\n\n    union all\n\n    ' if not loop.first }}select
        findings.finding_id,
        acceptances.seed_line,
        acceptances.accepted_until
    from {{ acceptances }} as acceptances
    inner join {{ findings }} as findings
        on
            acceptances.rule = findings.rule
            {%- for column in columns %}
            and acceptances.{{ column }} = findings.{{ column }}
            {%- endfor %}
            {%- for column in said if column not in columns %}
            and (
                acceptances.{{ column }} is null
                or acceptances.{{ column }} = findings.{{ column }}
            )
            {%- endfor %}
    where acceptances.named_by = '{{ kind }}'
{%- endfor %}
{%- endmacro %}
