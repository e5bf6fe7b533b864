{#-
    The pieces of a telephone number as written, shared by phone_e164 and
    phone_extension.
-#}

{#- What a program made of a number that it read as one: 2125550179.0. -#}
{% macro phone__of_float(x) -%}
case
            when
                {{ x }} like '%_______.0'
                and rtrim(substr({{ x }}, 1, length({{ x }}) - 2), '0123456789')
                in ('', '+')
                then substr({{ x }}, 1, length({{ x }}) - 2)
            else {{ x }}
        end
{%- endmacro %}


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
        else {{ cleaning.phone__of_float(x) }}
    end,
    '-', ''), ' ', ''), '(', ''), ')', ''), '.', ''), '/', '')
{%- endmacro %}


{#- Rarer separators and a label (Tel:) taken out, digits of other scripts as
    ours; for text without the usual separators. -#}
{% macro sqlite__phone_without_rare_marks(x) -%}
{%- set foreign = cleaning.foreign_digits() -%}
ltrim(
    case
        when length({{ x }}) < length(cast({{ x }} as blob))
            then {{ cleaning.translated_text(
                'lower(' ~ x ~ ')',
                foreign ~ 'ДОБÓ' ~ cleaning.rare_phone_separators() | join,
                '0123456789+' * (foreign | length // 11) ~ 'добó'
            ) }}
        else {{ cleaning.translated_text('lower(' ~ x ~ ')', '\t\n\r[]_', '') }}
    end,
    'abcdefghijklmnopqrstuvwxyz:'
)
{%- endmacro %}


{#- The number as digits, with a plus or not: without an extension, letters as
    the keys they stand on. Anything else is no number. -#}
{% macro sqlite__dialled_digits(x) -%}
{%- set letter = '[a-z]' -%}
(
    with
    given as (select {{ x }} as v),
    plain as (
        select {{ cleaning.sqlite__phone_without_rare_marks('v') }} as v
        from given
        limit 1
    ),
    halves as (
        select v, ltrim(v, '+0123456789') as tail from plain limit 1
    ),
    bare as (
        select
            case
                when {{ cleaning.sqlite__extension_in_tail(
                    'tail'
                ) }} is null then v
                else substr(v, 1, length(v) - length(tail))
            end as v
        from halves
        limit 1
    )
    select v
    from given
    where v not glob '*[^0-9+]*' and substr(v, 2) not glob '*+*'
    union all
    select case
        when v glob '*{{ letter }}*{{ letter }}*{{ letter }}*'
            then {{ cleaning.translated_text(
                'v', 'abcdefghijklmnopqrstuvwxyz', cleaning.keypad_digits()
            ) }}
        else v
    end
    from bare
    where
        v glob '*[0-9]*'
        and substr(v, 1, 1) glob '[0-9+]'
        and substr(v, 2) not glob '*[^0-9a-z]*'
)
{%- endmacro %}


{#- The digits of an extension, if that is all the tail is. -#}
{% macro sqlite__extension_in_tail(tail) -%}
case
    when
        {{ tail }} <> ''
        and rtrim(rtrim(ltrim({{ tail }}, ';,'), '0123456789'), ':=') in (
            '{{ cleaning.extension_words() | join("', '") }}'
        )
        and length(ltrim({{ tail }}, rtrim({{ tail }}, '0123456789')))
        between 1 and 9
        then ltrim({{ tail }}, rtrim({{ tail }}, '0123456789'))
end
{%- endmacro %}


{#- All separators, a label and the (0) of +44 (0)20 taken out. -#}
{% macro default__phone_without_marks(x) -%}
{%- set foreign = cleaning.foreign_digits() -%}
{%- set text -%}
case
            when translate({{ x }}, '{{ foreign }}', '') <> {{ x }}
                then translate(
                    lower({{ x }}), '{{ foreign }}',
                    '{{ '0123456789+' * (foreign | length // 11) }}'
                )
            else lower({{ cleaning.phone__of_float(x) }})
        end
{%- endset -%}
ltrim(
    translate(
        case
            when
                {{ x }} like '%(0)%'
                and {{ x }} ~ '^([( ]*[+]|00|011).*[(]0[)].*$'
                and not {{ x }} ~ '^([( ]*[+]|00|011)?[-(+0 .]*39.*$'
                then replace({{ text }}, '(0)', '')
            else {{ text }}
        end,
        ' ()./-{{ cleaning.rare_phone_separators() | join }}', ''
    ),
    'abcdefghijklmnopqrstuvwxyz:'
)
{%- endmacro %}


{% macro default__dialled_digits(x) -%}
(
    with
    given as (
        select regexp_replace(
            {{ cleaning.default__phone_without_marks(x) }},
            '^([+]?[0-9]+){{ cleaning.default__extension_pattern() }}', '\1'
        ) as _v
        {{ cleaning.computed_once() }}
    )
    select case
        when
            length(_v)
            - length(translate(_v, 'abcdefghijklmnopqrstuvwxyz', '')) >= 3
            then translate(
                _v, 'abcdefghijklmnopqrstuvwxyz', '{{ cleaning.keypad_digits(
                    
                ) }}'
            )
        else _v
    end
    from given
    where _v ~ '^[+]?[0-9][0-9a-z]*$'
)
{%- endmacro %}


{% macro default__extension_pattern() -%}
[;,]*(?:{{ cleaning.extension_words() | join('|') }})[:=]*([0-9]{1,9})$
{%- endmacro %}


{#- What stands before an extension, in small letters and without points. Each has one
    of extension_signs(). -#}
{% macro extension_words() -%}
    {{ return([
        'x', 'xt', 'xtn', 'ext', 'extn', 'extension', 'extensión', '#', '~',
        'int', 'anexo', 'доб',
    ]) }}
{%- endmacro %}


{#- Characters of which a number with an extension has one. -#}
{% macro extension_signs() -%}
    {{ return('xX#~tTдД') }}
{%- endmacro %}


{#- The keys of the letters a to z. -#}
{% macro keypad_digits() -%}
    {{ return('22233344455566677778889999') }}
{%- endmacro %}


{#- Digits and plus of other scripts, eleven each: full width, Arabic, Persian. -#}
{% macro foreign_digits() -%}
    {{ return('０１２３４５６７８９＋٠١٢٣٤٥٦٧٨٩＋۰۱۲۳۴۵۶۷۸۹＋') }}
{%- endmacro %}
