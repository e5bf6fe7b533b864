{#- The columns of a judged table as staging gives them, from its declaration: a
    list of {name, given, data_type, read}, the identifier first. The identifier
    has the name of `vars: domains`, a column that refers to another table begins
    with `source_`, money ends in `_cents`. Of an owner or a campaign, given by identifier or
    by name, there is the reference as well. `needed` is what a file
    must have for it. -#}
{% macro declared_attributes(source_name, table_name) -%}
  {%- set judged = judged_tables(source_name)[table_name] -%}
  {%- set id = judged.given_as or 'id' -%}
  {%- set written = source_settings(source_name, table_name) -%}
  {%- set found = [{
      'name': judged.id, 'given': id, 'data_type': 'text',
      'read': kept_id('given_' ~ id),
  }] -%}
  {%- for column in (
      source_table(source_name, table_name).columns.values() if execute else []
  ) if column.name != id -%}
    {%- set given = 'given_' ~ column.name -%}
    {%- set kind = column.data_type or 'text' -%}
    {%- set name = ('source_' if column.config.get('meta', {}).get('refers_to')
        else '') ~ column.name ~ ('_cents' if kind == 'money' else '') -%}
    {%- set read = {
        'integer': ['parse_integer', given],
        'number': ['parse_number', given, written.decimal_mark],
        'money': ['parse_cents', given, written.decimal_mark],
        'boolean': ['parse_boolean', given],
        'date': ['parse_date', given, written.date_order],
        'timestamp':
            ['parse_timestamp', given, written.time_zone, written.date_order],
    }.get(kind, kept_id(given) if name.startswith('source_') and kind == 'text'
        else given) -%}
    {%- set needed = column.name -%}
    {%- if column.name in ['owner', 'campaign'] -%}
      {%- set reference = given -%}
      {%- if column.name == 'owner' -%}
        {%- set needed = 'owner/owner_name' -%}
        {%- set by = owner_columns() -%}
        {%- set reference, given = by.owner_given, by.owner_shown -%}
        {%- do found.append({
            'name': 'is_owner_former', 'given': name, 'data_type': 'boolean',
            'read': by.is_owner_former, 'needed': needed,
        }) -%}
      {%- endif -%}
      {%- do found.append({
          'name': 'source_' ~ name, 'given': name, 'data_type': kind,
          'read': named_reference(reference), 'needed': needed,
      }) -%}
      {%- set read = bare_reference(given) -%}
    {%- endif -%}
    {%- do found.append({
        'name': name, 'given': column.name, 'data_type': kind, 'read': read,
        'needed': needed,
    }) -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
