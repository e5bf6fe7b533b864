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
            and ltrim(
                case
                    when {{ x }} like '011%' then substr({{ x }}, 4)
                    else {{ x }}
                end,
                '(+0 -.'
            ) not like '39%'
            then replace({{ x }}, '(0)', '')
        else {{ x }}
    end,
    '-', ''), ' ', ''), '(', ''), ')', ''), '.', ''), '/', '')
{%- endmacro %}


{#- Rarer separators and tel: taken out; for text without the usual ones. -#}
{% macro sqlite__phone_without_rare_marks(x) -%}
{{ replace_each('lower(' ~ x ~ ')', rare_phone_separators() + ['tel:'], '') }}
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
        rtrim(ltrim({{ tail }}, ';,'), '0123456789') in (
            'x', '#', 'ext', 'ext:', 'ext=', 'extension', 'extension:'
        )
        and length(ltrim({{ tail }}, 'extnsio:=#;,')) between 1 and 7
        then ltrim({{ tail }}, 'extnsio:=#;,')
end
{%- endmacro %}


{#- All separators, tel: and the (0) of +44 (0)20 taken out. -#}
{% macro default__phone_without_marks(x) -%}
replace(
    translate(
        case
            when
                {{ x }} ~ '^([( ]*[+]|00|011).*[(]0[)].*$'
                and not {{ x }} ~ '^([( ]*[+]|00|011)?[-(+0 .]*39.*$'
                then replace(lower({{ x }}), '(0)', '')
            else lower({{ x }})
        end,
        '- ()./{{ rare_phone_separators() | join }}', ''
    ),
    'tel:', ''
)
{%- endmacro %}


{% macro default__extension_pattern() -%}
[;,]*(?:x|#|ext[:=]?|extension:?)([0-9]{1,7})$
{%- endmacro %}
