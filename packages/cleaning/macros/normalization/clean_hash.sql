{#- A digest (MD5, SHA-1, SHA-256 or SHA-512) as hexadecimal digits in lower case, or
    NULL: from digits of any case, in front of them 0x or \x, between bytes a dash, colon
    or blank, or from base64. The digest of an empty text stands for a missing value. -#}
{% macro clean_hash(x) -%}
    {{ return(adapter.dispatch('clean_hash', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__clean_hash(x) -%}
{{ cleaning.clean_hash__but_nothing(cleaning.join_shortcut(
    x, "_1 ~ '^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$'", '_1',
    'clean_hash', cleaning.default__unusual_hash
)) }}
{%- endmacro %}


{#- The last character before the = has bits to spare, which are zero. -#}
{% macro default__unusual_hash(x) -%}
(
    with
    given as (
        select trim({{ x }}, ' ') as _v
        {{ cleaning.computed_once() }}
    ),
    bare as (
        select
            case
                when length(_v) in (47, 59, 95, 191)
                    then {{ cleaning.clean_hash__joined('_v') }}
                else regexp_replace(lower(_v), '^(0x|[\\]x)', '')
            end as _v,
            translate(_v, '-_', '+/') as encoded
        from given
        {{ cleaning.computed_once() }}
    )
    select case
        when _v ~ '^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$' then _v
        when
            encoded ~ (
                '^([0-9A-Za-z+/]{21}[AQgw]==|[0-9A-Za-z+/]{26}[AEIMQUYcgkosw048]='
                || '|[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=|[0-9A-Za-z+/]{85}[AQgw]==)$'
            )
            then {{ cleaning.base64_digits('encoded') }}
    end
    from bare
)
{%- endmacro %}


{% macro sqlite__clean_hash(x) -%}
{{ cleaning.clean_hash__but_nothing(cleaning.sqlite_shortcut(
    x,
    'length(' ~ x ~ ') in (32, 40, 64, 128) and ' ~ x ~ " not glob '*[^0-9a-f]*'",
    x,
    'clean_hash', cleaning.sqlite__unusual_hash
)) }}
{%- endmacro %}


{#- Two characters of base64 are three hexadecimal digits. -#}
{% macro sqlite__unusual_hash(x) -%}
{%- set letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/' -%}
(
    with recursive
    given as not materialized (select trim({{ x }}) as v),
    bare as (
        select
            case
                when length(v) in (47, 59, 95, 191)
                    then {{ cleaning.clean_hash__joined('v') }}
                when v glob '0[xX]*' or v glob '\[xX]*' then lower(substr(v, 3))
                else lower(v)
            end as v
        from given
        limit 1
    ),
    encoded as (
        select
            rtrim(replace(replace(v, '-', '+'), '_', '/'), '=') as v,
            length(v) as whole
        from given
        where
            (length(v) = 24 or length(v) = 88) and v glob '*[AQgw]=='
            or (length(v) = 28 or length(v) = 44)
            and v glob '*[AEIMQUYcgkosw048]='
        limit 1
    ),
    decoded as (
        select v || 'AA' as v, whole, 1 as place, '' as digits
        from encoded
        where v not glob '*[^0-9A-Za-z+/]*' and length(v) between whole - 2 and whole - 1
        union all
        select
            v, whole, place + 2,
            digits || printf('%03x',
                64 * (instr('{{ letters }}', substr(v, place, 1)) - 1)
                + instr('{{ letters }}', substr(v, place + 1, 1)) - 1
            )
        from decoded
        where place < length(v) - 1
    )
    select v
    from bare
    where length(v) in (32, 40, 64, 128) and v not glob '*[^0-9a-f]*'
    union all
    select * from (
        select substr(digits, 1, case whole
            when 24 then 32 when 28 then 40 when 44 then 64 else 128
        end)
        from decoded
        order by place desc
        limit 1
    )
)
{%- endmacro %}


{#- Bytes that one and the same mark is between. -#}
{% macro clean_hash__joined(x) -%}
replace(
    lower({{ x }}),
    case
        when substr({{ x }}, 3, 1) in ('-', ':', ' ') then substr({{ x }}, 3, 1)
        else ' '
    end,
    ''
)
{%- endmacro %}


{% macro clean_hash__but_nothing(x) -%}
{%- for digest in cleaning.digests_of_nothing() %}nullif({% endfor -%}
{{ x }}
{%- for digest in cleaning.digests_of_nothing() %}, '{{ digest }}'){% endfor %}
{%- endmacro %}


{% macro digests_of_nothing() %}
  {{ return([
      'd41d8cd98f00b204e9800998ecf8427e',
      'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'e3b0c44298fc1c149afbf4c8996fb924'
      ~ '27ae41e4649b934ca495991b7852b855',
      'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce'
      ~ '47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
  ]) }}
{% endmacro %}
