{#- Put at the end of a select whose columns are used more than once further on.
    SQLite's query flattener would copy each expression to every place of its
    use; it leaves a subquery with an OFFSET alone and computes it row by row. So does that of
    PostgreSQL, which puts a WITH query into the one that names it. -#}
{% macro computed_once() -%}
  {{ return(adapter.dispatch('computed_once', 'cleaning')()) }}
{%- endmacro %}


{% macro default__computed_once() -%}{%- endmacro %}


{% macro sqlite__computed_once() -%}
limit -1 offset 0
{%- endmacro %}


{% macro postgres__computed_once() -%}
offset 0
{%- endmacro %}
