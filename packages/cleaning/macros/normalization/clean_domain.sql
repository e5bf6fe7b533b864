{#-
    The domain of a web address, lower case and without www., or NULL:
    https://www.Example.com/path is example.com, and so is ann@example.com.
-#}
{% macro clean_domain(x) -%}
    {{ return(adapter.dispatch('clean_domain', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__clean_domain(x) -%}
{{ cleaning.session_function(
    'clean_domain', [x], cleaning.default__clean_domain__whole
) }}
{%- endmacro %}


{% macro default__clean_domain__whole(x) -%}
(
    with
    given as (
        select split_part(translate(
            regexp_replace(lower(trim({{ x }}, ' ')), '^([^/?#]*:)?//', ''),
            '?#', '//'
        ), '/', 1) as _v
        {{ cleaning.computed_once() }}
    ),
    {#- Behind the name of a user, before a port. #}
    host as (
        select split_part(
            substr(_v, length(rtrim(_v, replace(_v, '@', ''))) + 1), ':', 1
        ) as _v
        from given
        {{ cleaning.computed_once() }}
    ),
    rooted as (
        select
            case
                when _v like '%.' then substr(_v, 1, length(_v) - 1)
                else _v
            end as _v
        from host
        {{ cleaning.computed_once() }}
    ),
    bare as (
        select
            case when _v like 'www._%._%' then substr(_v, 5) else _v end as _v
        from rooted
        {{ cleaning.computed_once() }}
    )
    select _v from bare where {{ cleaning.default__is_domain('_v') }}
)
{%- endmacro %}


{% macro sqlite__clean_domain(x) -%}
{{ cleaning.session_function('clean_domain', [x], cleaning.sqlite__domain) }}
{%- endmacro %}


{% macro sqlite__domain(x) -%}
(
    with
    given as not materialized (select trim({{ x }}) as v),
    host as (
        select lower(v) as v
        from given
        where v not glob '*[^a-zA-Z0-9.-]*'
        union all
        select {{ cleaning.sqlite__web_host(cleaning.lower_text('v')) }}
        from given
        limit 1
    ),
    rooted as (
        select
            case when v like '%.' then substr(v, 1, length(v) - 1) else v end
                as v
        from host
        limit 1
    ),
    bare as (
        select case when v like 'www.%.%' then substr(v, 5) else v end as v
        from rooted
        limit 1
    )
    {#- Letters, digits and points need few checks, and are most domains. #}
    select lower(v)
    from given
    where
        v not glob '*[^a-zA-Z0-9.]*'
        and v like '_%.__%'
        and v not like 'www.%'
        and v not like '%._'
        and '.' || v || '.' not like '%..%'
        and length(v) <= 63
        and substr(rtrim(lower(v), 'abcdefghijklmnopqrstuvwxyz'), -1) = '.'
    union all
    select v from bare where {{ cleaning.sqlite__is_domain('v') }}
)
{%- endmacro %}


{#- What stands between // or a user's name and a port, path or query. -#}
{% macro sqlite__web_host(x) -%}
(
    with
    address as (select {{ x }} as v),
    tail as (
        select
            case
                when v like '//%' then substr(v, 3)
                when
                    v like '%://%' and instr(v, '/') = instr(v, '://') + 1
                    and substr(v, 1, instr(v, '/')) not glob '*[?#]*'
                    then substr(v, instr(v, '/') + 2)
                else v
            end as v
        from address
        limit 1
    ),
    authority as (
        select
            substr(v, 1, min(
                instr(v || '/', '/'), instr(v || '?', '?'), instr(v || '#', '#')
            ) - 1) as v
        from tail
        limit 1
    ),
    without_user as (
        select substr(v, length(rtrim(v, replace(v, '@', ''))) + 1) as v
        from authority
        limit 1
    )
    select substr(v, 1, instr(v || ':', ':') - 1) from without_user
)
{%- endmacro %}


{#-
    Whether a lower-case text is a domain: labels of at most 63 letters, digits
    and inner hyphens, at least two of them, with a letter at the end. Two
    hyphens in third place mark labels in Punycode and no others.
-#}
{% macro default__is_domain(x) -%}
{%- set letter = 'a-z0-9' ~ cleaning.letter_ranges() -%}
{{ x }} ~ (
    '^([{{ letter }}]([{{ letter }}-]{0,61}[{{ letter }}])?[.])+'
    || '([{{ letter }}][{{ letter }}-]{0,61})?([a-z{{ cleaning.letter_ranges(
        
    ) }}]'
    || '|xn--[a-z0-9-]{0,58}[a-z0-9])$'
)
and {{ x }} not like '%-'
and not '.' || replace({{ x }}, 'xn--', '') ~ '^.*[.][^.][^.]--.*$'
and not {{ x }} ~ '^.*[.]xn--[^.]*[^a-z0-9.-][^.]*$'
and length({{ x }}) <= 253
{%- endmacro %}


{% macro sqlite__is_domain(x) -%}
{%- set letters = 'abcdefghijklmnopqrstuvwxyz' -%}
{%- set last_label -%}
substr({{ x }}, length(rtrim({{ x }}, replace({{ x }}, '.', ''))) + 1)
{%- endset -%}
{{ x }} like '_%._%'
and {{ x }} not like '.%'
and {{ x }} not like '-%'
and {{ x }} not like '%..%'
and {{ x }} not like '%.-%'
and {{ x }} not like '%-.%'
and {{ x }} not like '%-'
and {{ x }} not like '%.'
and (
    {{ x }} not glob '*[^a-z0-9.-]*'
    or {{ x }} not glob '*[^a-z0-9.{{ cleaning.letter_ranges() }}-]*'
)
and (
    substr(rtrim({{ x }}, '{{ letters }}'), -1) = '.'
    or case
        when {{ last_label }} like 'xn--%'
            then {{ last_label }} not glob '*[^a-z0-9-]*'
        else {{ x }} glob '*[a-z]' or unicode(substr({{ x }}, -1)) > 127
    end
)
and (
    {{ x }} not like '%--%'
    or '.' || replace({{ x }}, 'xn--', '') not glob '*.[^.][^.]--*'
)
and length({{ x }}) <= 253
and (length({{ x }}) <= 63 or {{ x }} not glob '*{{ '[^.]' * 64 }}*')
{%- endmacro %}
