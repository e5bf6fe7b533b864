{#-
    Lower case beyond ASCII: Latin-1, Latin Extended-A, Greek and Cyrillic.
    Other letters stay as they are on SQLite.
-#}
{% macro lower_text(x) -%}
    {{ return(adapter.dispatch('lower_text', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__lower_text(x) -%}
lower({{ x }})
{%- endmacro %}


{% macro sqlite__lower_text(x) -%}
(
    with
    given as not materialized (select {{ x }} as v)
    select lower(v)
    from given
    where
        v is null
        or length(v) = length(cast(v as blob))
        or v not glob '*[À-ÞĀ-ӿȘȚ]*'
    union all
    select lower({{
        replace_each(
            'v', letter_case('upper') | list, letter_case('lower') | list
        )
    }})
    from given
)
{%- endmacro %}
