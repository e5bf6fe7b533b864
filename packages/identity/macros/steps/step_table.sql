{#-
    A step of a model with `materialized: steps`: a temporary table, from the
    select that the call holds, with an index on each column of `indexes`.
-#}
{% macro step_table(name, indexes=[]) -%}
    {{ return(identity.step(
        adapter.dispatch('step_table', 'identity')(
            name, caller(), indexes
        )
    )) }}
{%- endmacro %}


{% macro default__step_table(name, sql, indexes) -%}
create or replace temp table {{ name }} as {{ sql }}
{%- endmacro %}


{% macro sqlite__step_table(name, sql, indexes) -%}
drop table if exists temp.{{ name }}{{ identity.step() }}
create temp table {{ name }} as {{ sql }}
{%- for columns in indexes -%}
{{ identity.step() }}
create index temp.{{ name }}__{{ columns | replace(', ', '__') }}
on {{ name }} ({{ columns }})
{%- endfor -%}
{%- endmacro %}


{#- PostgreSQL gathers no statistics of temporary tables by itself. -#}
{% macro postgres__step_table(name, sql, indexes) -%}
drop table if exists pg_temp.{{ name }}{{ identity.step() }}
create temp table {{ name }} as {{ sql }}
{%- for columns in indexes -%}
{{ identity.step() }}
create index {{ name }}__{{ columns | replace(', ', '__') }}
on pg_temp.{{ name }} ({{ columns }})
{%- endfor -%}
{{ identity.step() }}
analyze pg_temp.{{ name }}
{%- endmacro %}
