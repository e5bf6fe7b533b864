{#-
    What is the same mailbox, written in one way: lower case, without a tag
    (ann+crm@x.com), and without the dots that Gmail ignores. Unlike
    clean_email it keeps an address that is malformed but has an @.
-#}
{% macro email_address(x) -%}
    {{ return(adapter.dispatch('email_address', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{#- Most addresses have nothing but letters, digits, dots and dashes. -#}
{% macro sqlite__email_address(x) -%}
{%- set is_usual -%}
{{ x }} glob '[a-zA-Z0-9]*@[a-zA-Z0-9]*[a-zA-Z0-9]'
        and {{ x }} not glob '*[^a-zA-Z0-9._@-]*'
        and {{ x }} not like '%@%@%'
        and {{ x }} not like '%@g%mail.com'
{%- endset -%}
{{ sqlite_shortcut(
    x, is_usual, 'lower(' ~ x ~ ')', default__email_address(x)
) }}
{%- endmacro %}


{% macro default__email_address(x) -%}
(
    with
    given as (
        select coalesce(
            {{ clean_email(x) }},
            case when {{ x }} like '%_@_%' then trim({{ lower_text(x) }}, ' ') end
        ) as address
        {{ computed_once() }}
    ),
    halves as (
        select
            {{ text_before(text_before('address', '@'), '+') }} as mailbox,
            ltrim({{ text_after('address', '@') }}, '@') as domain
        from given
        {{ computed_once() }}
    )
    select
        case
            when domain in ('gmail.com', 'googlemail.com')
                then replace(mailbox, '.', '') || '@gmail.com'
            else mailbox || '@' || domain
        end
    from halves
    where mailbox <> '' and domain <> ''
)
{%- endmacro %}
