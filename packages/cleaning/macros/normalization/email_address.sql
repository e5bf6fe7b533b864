{#-
    What is the same mailbox, written in one way: lower case, without a tag
    (ann+crm@x.com), and without the dots that Gmail ignores. Unlike
    clean_email it keeps an address that is malformed but has an @.
-#}
{% macro email_address(x) -%}
    {{ return(adapter.dispatch('email_address', 'cleaning')(x)) }}
{%- endmacro %}


{#- Most addresses have nothing but letters, digits, dots and dashes. -#}
{% macro sqlite__email_address(x) -%}
{%- set is_usual -%}
{{ x }} glob '[a-zA-Z0-9]*@[a-zA-Z0-9]*[a-zA-Z0-9]'
        and {{ x }} not glob '*[^a-zA-Z0-9._@-]*'
        and {{ x }} not like '%@%@%'
        and {{ x }} not like '%@g%mail.com'
{%- endset -%}
{{ cleaning.sqlite_shortcut(
    x, is_usual, 'lower(' ~ x ~ ')', 'email_address', cleaning.default__email_address__whole
) }}
{%- endmacro %}


{% macro default__email_address(x) -%}
{{ cleaning.session_function(
    'email_address', [x], cleaning.default__email_address__whole,
    shortcut="case when _1 ~ '^[a-zA-Z0-9][a-zA-Z0-9._-]*@[a-zA-Z0-9][a-zA-Z0-9._-]*"
    ~ "[a-zA-Z0-9]$' and _1 not like '%@g%mail.com' then lower(_1) else "
) }}
{%- endmacro %}


{% macro default__email_address__whole(x) -%}
(
    with
    given as (
        select coalesce(
            {{ cleaning.clean_email(x) }},
            case when {{ x }} like '%_@_%' then trim({{ cleaning.lower_text(
                x
            ) }}, ' ') end
        ) as address
        {{ cleaning.computed_once() }}
    ),
    halves as (
        select
            {{ cleaning.text_before(
                cleaning.text_before('address', '@'), '+'
            ) }} as mailbox,
            ltrim({{ cleaning.text_after('address', '@') }}, '@') as domain
        from given
        {{ cleaning.computed_once() }}
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
