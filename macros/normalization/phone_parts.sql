{#-
    The pieces of a telephone number as written, shared by phone_e164 and
    phone_extension.
-#}

{#- The usual separators taken out, and the (0) of +44 (0)20. -#}
{% macro sqlite__phone_without_marks(x) -%}
replace(replace(replace(replace(replace(replace(
    case
        when
            {{ x }} like '%(0)%'
            and (
                ltrim({{ x }}, '( ') like '+%'
                or {{ x }} like '00%'
                or {{ x }} like '011%'
            )
            {#- Italy dials the 0 from abroad too. #}
            and ltrim({{ x }}, '(+0 ') not like '39%'
            then replace({{ x }}, '(0)', '')
        else {{ x }}
    end,
    '-', ''), ' ', ''), '(', ''), ')', ''), '.', ''), '/', '')
{%- endmacro %}


{#- Rarer separators and tel: taken out; for text without the usual ones. -#}
{% macro sqlite__phone_without_rare_marks(x) -%}
{{ replace_each(
        'lower(' ~ x ~ ')',
        ['tel:', '\u00a0', '\u202f', '\u2009', '\u2010', '\u2011', '\u2012', '\u2013',
         '\u2014', '\u2212', '\t', '\n', '\r', '·', '[', ']', '_', '\u200b',
         '\u200e', '\u202a', '\u202c', '\ufeff'],
        ''
    ) }}
{%- endmacro %}


{#- The number before x123, ext. 5, #5 or ;ext=5. -#}
{% macro sqlite__phone_without_extension(x) -%}
(
    with
    given as (select {{ sqlite__phone_without_rare_marks(x) }} as v),
    halves as (
        select v, ltrim(v, '+0123456789') as tail from given limit 1
    )
    select
        case
            when {{ sqlite__extension_in_tail('tail') }} is null then v
            else substr(v, 1, length(v) - length(tail))
        end
    from halves
)
{%- endmacro %}


{#- The digits of an extension, if that is all the tail is. -#}
{% macro sqlite__extension_in_tail(tail) -%}
case
    when
        ltrim({{ tail }}, 'extnsio:=#;,') not glob '*[^0-9]*'
        and length(ltrim({{ tail }}, 'extnsio:=#;,')) between 1 and 7
        and (
            {{ tail }} glob 'x[0-9]*'
            or {{ tail }} glob '#[0-9]*'
            or ltrim({{ tail }}, ';,') glob 'ext[0-9:=]*'
            or ltrim({{ tail }}, ',') glob 'extension[0-9:]*'
        )
        then ltrim({{ tail }}, 'extnsio:=#;,')
end
{%- endmacro %}
