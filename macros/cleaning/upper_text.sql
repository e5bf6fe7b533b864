{#-
    Upper case beyond ASCII: Latin-1, Latin Extended-A, Greek and Cyrillic.
    Other letters, and ß which has no single capital, stay as they are on
    SQLite.
-#}
{% macro upper_text(x) -%}
    {{ return(adapter.dispatch('upper_text', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__upper_text(x) -%}
upper({{ x }})
{%- endmacro %}


{% macro sqlite__upper_text(x) -%}
(
    with
    given as not materialized (select {{ x }} as v)
    select upper(v)
    from given
    where
        v is null
        or length(v) = length(cast(v as blob))
    union all
    select upper({{
        replace_each(
            'v', letter_case('lower') | list, letter_case('upper') | list
        )
    }})
    from given
)
{%- endmacro %}
