{#- A US ZIP code of five digits, or NULL. Four more behind it are left out, and a
    zero that a spreadsheet took from the front comes back. -#}
{% macro zip_code(x) -%}
(
    with
    given as (
        select
            trim({{ x }}) as _v,
            ltrim(trim({{ x }}), '0123456789') as _tail
        {{ computed_once() }}
    ),
    digits as (
        select
            substr(_v, 1, length(_v) - length(_tail)) as _v,
            trim(_tail) as _tail
        from given
        {{ computed_once() }}
    )
    select
        case length(_v)
            when 4 then '0' || _v
            else substr(_v, 1, 5)
        end
    from digits
    where
        (length(_v) in (4, 5) or (length(_v) = 9 and _tail = ''))
        and (
            _tail in ('', '-', '.0')
            or (
                length(_tail) = 5
                and substr(_tail, 1, 1) = '-'
                and ltrim(_tail, '-0123456789') = ''
            )
        )
)
{%- endmacro %}
