{#-
    A well-formed e-mail address in lower case, or NULL. A display name and
    mailto: are taken off. Letters of any script are allowed.
-#}
{% macro clean_email(x) -%}
    {{ return(adapter.dispatch('clean_email', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__clean_email(x) -%}
{%- set is_usual -%}
length(_1) <= 64 and _1 ~ (
        '^[a-z0-9]+([.-][a-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*[.])+[a-z]{2,63}$'
    )
    and {{ cleaning.is_public_domain('_1') }}
{%- endset -%}
{{ cleaning.join_shortcut(x, is_usual, '_1', 'clean_email', cleaning.default__email) }}
{%- endmacro %}


{% macro default__email(x) -%}
{%- set gaps = ([' '] + cleaning.white_space('controls') + cleaning.white_space('wide')
    + cleaning.white_space('zero_width')) | join -%}
(
    with
    given as (
        select
            regexp_replace(
                lower(trim({{ x }}, '{{ gaps }}')), '^[^<]*< *([^ ]*) *>$', '\1'
            ) as _v
        {{ cleaning.computed_once() }}
    ),
    address as (
        select
            case
                when _v like 'mailto:%'
                    then {{ cleaning.text_before('substr(_v, 8)', '?') }}
                else _v
            end as _v
        from given
        {{ cleaning.computed_once() }}
    ),
    halves as (
        select
            _v,
            split_part(_v, '@', 1) as mailbox,
            split_part(_v, '@', 2) as domain
        from address
        where
            _v like '_%@_%'
            and _v not like '%@%@%'
            and length(_v) <= 254
        {{ cleaning.computed_once() }}
    )
    select _v
    from halves
    where
        length(mailbox) <= 64
        and mailbox not like '.%'
        and mailbox not like '%.'
        and mailbox not like '%..%'
        and mailbox ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~{{ cleaning.mailbox_ranges(
            
        ) }}-]+$'
        and substr(mailbox, 1, 1) not between '{{ '\u0300' }}' and '{{ '\u036f' }}'
        and {{ cleaning.default__is_domain('domain') }}
        and {{ cleaning.is_public_domain('domain') }}
)
{%- endmacro %}


{#- Most addresses are small letters and digits, with dots and hyphens. -#}
{% macro sqlite__clean_email(x) -%}
{%- set letters = 'abcdefghijklmnopqrstuvwxyz' -%}
{%- set is_usual -%}
{{ x }} glob '[a-z0-9]*@*[a-z][a-z]'
        and {{ x }} not glob '*[^-a-z0-9.@]*'
        and {{ x }} not glob '*[-.@][-.@]*'
        and length({{ x }}) <= 64
        and length(replace({{ x }}, '@', '')) = length({{ x }}) - 1
        and substr(rtrim({{ x }}, '{{ letters }}'), -1) = '.'
        and {{ cleaning.is_public_domain(x) }}
{%- endset -%}
{{ cleaning.sqlite_shortcut(
    x, is_usual, x, 'clean_email', cleaning.sqlite__email
) }}
{%- endmacro %}


{% macro sqlite__email(x) -%}
(
    with
    given as not materialized (select trim({{ x }}) as v),
    address as (
        select lower(v) as v
        from given
        where v not glob '*[^a-zA-Z0-9@._-]*'
        union all
        select {{ cleaning.sqlite__bare_address(cleaning.lower_text('v')) }}
        from given
        limit 1
    ),
    halves as (
        select
            v,
            substr(v, 1, instr(v, '@') - 1) as mailbox,
            substr(v, instr(v, '@') + 1) as domain
        from address
        where v like '_%@_%._%' and length(v) <= 254
        limit 1
    )
    {#- Letters, digits and points need few checks, and are most addresses. #}
    select lower(v)
    from given
    where
        v not glob '*[^a-zA-Z0-9@.]*'
        and v like '_%@_%.__%'
        and v not like '%@%@%'
        and v not like '%._'
        and '.' || replace(v, '@', '.') || '.' not like '%..%'
        and length(v) <= 64
        and substr(rtrim(lower(v), 'abcdefghijklmnopqrstuvwxyz'), -1) = '.'
        and {{ cleaning.is_public_domain('lower(v)') }}
    union all
    select v
    from halves
    where
        length(mailbox) <= 64
        and mailbox not like '.%'
        and mailbox not like '%.'
        and mailbox not like '%..%'
        and (
            mailbox not glob '*[^a-z0-9._-]*'
            or mailbox not glob
                '*[^a-z0-9.!#$%&''*+/=?^_`{|}~{{ cleaning.mailbox_ranges(
                    
                ) }}-]*'
        )
        and mailbox not glob '[{{ '\u0300-\u036f' }}]*'
        and {{ cleaning.sqlite__is_domain('domain') }}
        and {{ cleaning.is_public_domain('domain') }}
)
{%- endmacro %}


{#- The address within "Ann <ann@x.com>", "mailto:ann@x.com?subject=…". -#}
{% macro sqlite__bare_address(x) -%}
(
    with
    spaced as (
        select trim({{ x }}, '{{
            ([' '] + cleaning.white_space('controls') + cleaning.white_space('wide')
            + cleaning.white_space('zero_width')) | join
        }}') as v
    ),
    bracketed as (
        select
            case
                when v like '%<%>'
                    then trim(
                        substr(v, instr(v, '<') + 1), ' >'
                    )
                else v
            end as v
        from spaced
        limit 1
    )
    select
        case
            when v like 'mailto:%'
                then trim(substr(v, 8, instr(v || '?', '?') - 8))
            else v
        end
    from bracketed
)
{%- endmacro %}


{#- Whether a domain, or an address at one, is not of those set aside for tests,
    local networks and the like (RFC 6761). -#}
{% macro is_public_domain(x) -%}
(
    {%- for name in ['arpa', 'invalid', 'local', 'localhost', 'onion', 'test'] %}
    {{ 'and ' if not loop.first }}{{ x }} not like '%.{{ name }}'
    {%- endfor %}
)
{%- endmacro %}
