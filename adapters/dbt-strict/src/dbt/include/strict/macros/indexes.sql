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
      if dbt.indexes_rows() or model.resource_type == 'seed' -%}
    {%- do dbt.run_sql(
        'create ' ~ ('unique ' if index.unique else '') ~ 'index '
        ~ dbt.index_name(relation, index.columns)
        ~ ' on ' ~ relation.identifier
        ~ ' (' ~ index.columns | join(', ') ~ ')'
    ) -%}
  {%- endfor -%}
{% endmacro %}


{#- Whether the engine finds single rows by indexes. -#}
{% macro indexes_rows() %}
  {{ return(adapter.dispatch('indexes_rows')()) }}
{% endmacro %}


{% macro default__indexes_rows() %}{{ return(false) }}{% endmacro %}


{% macro sqlite__indexes_rows() %}{{ return(true) }}{% endmacro %}


{% macro postgres__indexes_rows() %}{{ return(true) }}{% endmacro %}


{% macro index_name(relation, columns) %}
  {{ return(adapter.dispatch('index_name')(
      ([relation.identifier] + columns) | join('__')
  )) }}
{% endmacro %}


{% macro default__index_name(name) %}{{ return(name) }}{% endmacro %}


{#- PostgreSQL cuts names at 63 bytes. -#}
{% macro postgres__index_name(name) %}
  {{ return(name if name | length < 64 else name[:54] ~ '_' ~ local_md5(name)[:8]) }}
{% endmacro %}
