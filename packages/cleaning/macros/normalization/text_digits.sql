{#- The digits of a text, or NULL if there are none. -#}
{% macro text_digits(x) -%}
    {{ return(adapter.dispatch('text_digits', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__text_digits(x) -%}
nullif(regexp_replace({{ x }}, '[^0-9]', '', 'g'), '')
{%- endmacro %}


{#- What is left of a text without digits are the characters to replace; most
    texts have few different ones. -#}
{% macro sqlite__text_digits(x) -%}
{{ cleaning.sqlite_shortcut(
    x, x ~ " not glob '*[^0-9]*'", "nullif(" ~ x ~ ", '')",
    'text_digits', cleaning.sqlite__digits
) }}
{%- endmacro %}


{% macro sqlite__digits(x) -%}
(
    with recursive
    rest (v) as (
        select {{ x }}
        union all
        select replace(v, substr(ltrim(v, '0123456789'), 1, 1), '')
        from rest
        where v glob '*[^0-9]*'
    )
    select nullif(v, '') from rest where v not glob '*[^0-9]*'
)
{%- endmacro %}
