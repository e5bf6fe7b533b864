{#-
    What a pattern finds first in a text: the whole of it (`number` 0) or one of its
    groups; empty where it finds nothing, NULL for NULL. Patterns are those that
    DuckDB and PostgreSQL read alike: bracket expressions and greedy quantifiers.
-#}
{% macro matched_part(x, pattern, number=1) -%}
  {{ return(adapter.dispatch('matched_part', 'cleaning')(x, pattern, number)) }}
{%- endmacro %}


{% macro default__matched_part(x, pattern, number) -%}
regexp_extract({{ x }}, {{ pattern }}, {{ number }})
{%- endmacro %}


{#- substring() gives the first group of a pattern that has one, else all. -#}
{% macro postgres__matched_part(x, pattern, number) -%}
case
            when {{ x }} is not null
                then coalesce(substring({{ x }} from {{ pattern }}), '')
        end
{%- endmacro %}
