{#- The rules about how the values of a source table are written, for row_findings:
    a date that could be read both ways, a share taken for what was declared as
    percent, an identifier that a spreadsheet has rounded. -#}
{% macro written_findings(source_name, table_name, identifiers=[], read=none) -%}
{%- set found = [] -%}
{%- if execute -%}
{%- set of = column_kinds(source_name, table_name, identifiers) -%}
{%- for column in of.dates if read is none or column in read -%}
    {%- do found.append(['date_ambiguous', column,
        "given_" ~ column ~ " like '%(day or month first?)'"
        ~ " or _notes like '% " ~ column ~ ":mixed%'", as_delivered(column)]) -%}
{%- endfor -%}
{%- set mark = source_settings(source_name, table_name).decimal_mark -%}
{%- for column in of.amounts if read is none or column in read -%}
    {%- set given = 'given_' ~ column -%}
    {%- do found.append(['amount_ambiguous', column,
        "case when " ~ given ~ " like '%(thousands or decimals?)' or _notes like '% "
        ~ column ~ ":mixed%' then not "
        ~ cleaning.amount_ambiguous(given, mark) ~ " else false end",
        as_delivered(column)]) -%}
{%- endfor -%}
{%- for column in of.chances -%}
    {%- do found.append(['probability_is_share', column,
        "_notes like '% " ~ column ~ ":share%'"]) -%}
{%- endfor -%}
{%- for column in of.identifiers if read is none or column in read -%}
    {%- do found.append([
        'id_rounded' if loop.first else 'reference_rounded', column,
        is_rounded_id('given_' ~ column)]) -%}
{%- endfor -%}
{%- endif -%}
{{ return(found) }}
{%- endmacro %}
