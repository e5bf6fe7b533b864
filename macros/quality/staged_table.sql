{#- A judged table, cleaned and typed as its columns are declared, with the rules
    that each row breaks: a required value that is missing, a value that cannot be
    read. A whole model, its configuration with it. -#}
{% macro staged_table(source_name, table_name) -%}
{%- set columns = declared_attributes(source_name, table_name) -%}
{%- set written = source_settings(source_name, table_name) -%}
{%- set rules = {
    'integer': 'number_unreadable', 'number': 'number_unreadable',
    'money': 'number_unreadable', 'boolean': 'boolean_unreadable',
    'date': 'date_unreadable', 'timestamp': 'date_unreadable',
} -%}
{%- set broken = required_findings(
    source_name, table_name, columns[0].given, '_is_system = 0'
) -%}
{%- for column in columns if column.data_type in rules -%}
  {%- do broken.append([
      rules[column.data_type], column.given,
      {'date': unreadable_date, 'timestamp': unreadable_date,
          'money': unreadable_amount}.get(column.data_type, unreadable)(
          column.given, column.name
      ),
  ]) -%}
  {%- if column.data_type == 'money' -%}
    {%- do broken.append([
        'amount_ambiguous', column.given,
        cleaning.amount_ambiguous('given_' ~ column.given, written.decimal_mark),
        as_delivered(column.given),
    ]) -%}
  {%- endif -%}
{%- endfor -%}
{%- set broken = broken + written_findings(source_name, table_name) -%}
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': [columns[0].name]}, {'columns': ['_file_id']},
]) }}
{%- set given, typed = {}, {} -%}
{%- for column in columns -%}
  {%- do given.update({'given_' ~ column.given: ['clean_text', column.given]}) -%}
  {%- do typed.update({column.name: column.read}) -%}
{%- endfor -%}
{%- do given.update(given_business_time(source_name, table_name)) -%}
{%- do typed.update({'_changed_at': business_time(source_name, table_name)}) -%}
with

source as (

    {{ written_rows(source_name, table_name) }}

),

given as (

    {{ cleaning.read_columns('source', given, [written_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', typed) }}

),

final as (

    select
        {% for column in columns -%}
        {{ column.name }},
        {% endfor -%}
        {{ row_findings(broken) if broken else 'cast(null as text)' }}
            as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
{%- endmacro %}
