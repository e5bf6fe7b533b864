{#- The indexes a model configures, and one for each foreign key, without
    which changing a parent would scan its children. -#}
{% macro sqlite_create_indexes(relation) %}
  {%- set wanted = [] -%}
  {%- for index in config.get('indexes') or [] -%}
    {%- do wanted.append({
        'columns': index.columns, 'unique': index.get('unique', false)
    }) -%}
  {%- endfor -%}
  {%- set leading = wanted | map(attribute='columns') | map('first') | list -%}
  {%- set references = [] -%}
  {%- for column in model.columns.values() -%}
    {%- for constraint in column.constraints or []
        if constraint_kind(constraint) == 'foreign_key' -%}
      {%- do references.append([column.name]) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for constraint in model.constraints or []
      if constraint_kind(constraint) == 'foreign_key' -%}
    {%- do references.append(constraint.columns) -%}
  {%- endfor -%}
  {%- for columns in references if columns[0] not in leading -%}
    {%- do wanted.append({'columns': columns, 'unique': false}) -%}
  {%- endfor -%}
  {%- for index in wanted -%}
    {%- do sqlite_run(
        'create ' ~ ('unique ' if index.unique else '') ~ 'index '
        ~ ([relation.identifier] + index.columns) | join('__')
        ~ ' on ' ~ relation.identifier
        ~ ' (' ~ index.columns | join(', ') ~ ')'
    ) -%}
  {%- endfor -%}
{% endmacro %}
