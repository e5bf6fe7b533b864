{#- The indexes a model configures, and one for each foreign key, without
    which changing a parent would scan its children. Engines that scan columns
    get only the unique ones. -#}
{% macro create_indexes(relation) %}
  {%- set wanted = [] -%}
  {%- for index in config.get('indexes') or [] -%}
    {%- do wanted.append({
        'columns': index.columns, 'unique': index.get('unique', false)
    }) -%}
  {%- endfor -%}
  {%- set leading = wanted | map(attribute='columns') | map('first') | list -%}
  {%- for key in dbt.references_of(model) if key.columns[0] not in leading -%}
    {%- do wanted.append({'columns': key.columns, 'unique': false}) -%}
  {%- endfor -%}
  {%- for index in wanted
      if dbt.enforces_references() or model.resource_type == 'seed' -%}
    {%- do dbt.run_sql(
        'create ' ~ ('unique ' if index.unique else '') ~ 'index '
        ~ ([relation.identifier] + index.columns) | join('__')
        ~ ' on ' ~ relation.identifier
        ~ ' (' ~ index.columns | join(', ') ~ ')'
    ) -%}
  {%- endfor -%}
{% endmacro %}
