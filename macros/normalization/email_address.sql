{#-
    What is the same mailbox, written in one way: lower case, without a tag
    (ann+crm@x.com), and without the dots that Gmail ignores. Unlike
    clean_email it keeps an address that is malformed but has an @.
-#}
{% macro email_address(x) -%}
    {{ return(adapter.dispatch('email_address', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__email_address(x) -%}
(
    with
    given as (
        select coalesce(
            {{ clean_email(x) }},
            case when {{ x }} like '%_@_%' then lower(trim({{ x }})) end
        ) as v
    ),
    halves as (
        select
            split_part(split_part(v, '@', 1), '+', 1) as mailbox,
            split_part(v, '@', 2) as domain
        from given
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


{% macro sqlite__email_address(x) -%}
(
    with
    given as (
        select coalesce(
            {{ clean_email(x) }},
            case when {{ x }} like '%_@_%' then {{ lower_text(x) }} end
        ) as v
    ),
    tidy as (select trim(v) as v from given limit 1),
    halves as (
        select
            substr(v, 1, instr(v, '@') - 1) as mailbox,
            substr(v, instr(v, '@') + 1) as domain
        from tidy
        limit 1
    ),
    untagged as (
        select
            substr(mailbox, 1, instr(mailbox || '+', '+') - 1) as mailbox,
            domain
        from halves
        limit 1
    )
    select
        case
            when domain in ('gmail.com', 'googlemail.com')
                then replace(mailbox, '.', '') || '@gmail.com'
            else mailbox || '@' || domain
        end
    from untagged
    where mailbox <> '' and domain <> ''
)
{%- endmacro %}
