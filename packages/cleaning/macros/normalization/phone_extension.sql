{#- The extension of a telephone number, as digits, or NULL. -#}
{% macro phone_extension(phone) -%}
    {{ return(
        adapter.dispatch('phone_extension', 'cleaning')(phone)
    ) }}
{%- endmacro %}


{% macro default__phone_extension(phone) -%}
{{ cleaning.session_function(
    'phone_extension', [phone], cleaning.default__phone_extension__whole,
    shortcut="case when translate(_1, '" ~ cleaning.extension_signs()
    ~ "', '') = _1 then null else "
) }}
{%- endmacro %}


{% macro default__phone_extension__whole(phone) -%}
nullif({{ cleaning.matched_part(
    cleaning.default__phone_without_marks(phone),
    "'^[+0-9]*" ~ cleaning.default__extension_pattern() ~ "'"
) }}, '')
{%- endmacro %}


{% macro sqlite__phone_extension(phone) -%}
{{ cleaning.sqlite_shortcut(
    phone, phone ~ " not glob '*[" ~ cleaning.extension_signs() ~ "]*'", 'null',
    'phone_extension', cleaning.sqlite__extension
) }}
{%- endmacro %}


{% macro sqlite__extension(phone) -%}
(
    with
    given as (select {{ phone }} as v),
    marked as (
        select {{ cleaning.sqlite__phone_without_marks('v') }} as v
        from given
        where v glob '*[{{ cleaning.extension_signs() }}]*'
        limit 1
    ),
    bare as (
        select
            ltrim(
                {{ cleaning.sqlite__phone_without_rare_marks(
                    'v'
                ) }}, '+0123456789'
            ) as tail
        from marked
        limit 1
    )
    select {{ cleaning.sqlite__extension_in_tail('tail') }} from bare
)
{%- endmacro %}
