{#- The condition that an amount has its decimal mark before three digits, as in
    1.500, and nothing else in it says that the mark does not part thousands. A point
    behind a currency's letters is none: 1.250 kr. -#}
{% macro amount_ambiguous(x, decimal_mark='.') -%}
    {{ return(adapter.dispatch('amount_ambiguous', 'cleaning')(
        x, decimal_mark
    )) }}
{%- endmacro %}


{% macro default__amount_ambiguous(x, decimal_mark) -%}
coalesce(
    {{ cleaning.is_matched(
        x, "'^[^0-9]*[1-9][0-9]{0,2}[" ~ decimal_mark ~ "][0-9]{3}[^0-9.,:]*([A-Za-z][.])?$'"
    ) }},
    false
)
{%- endmacro %}


{% macro sqlite__amount_ambiguous(x, decimal_mark) -%}
{{ cleaning.session_function(
    'amount_ambiguous', [x], cleaning.sqlite__amount_ambiguous__of, [decimal_mark], ['.'],
    x ~ " not like '%" ~ decimal_mark ~ "%'", 'false'
) }}
{%- endmacro %}


{% macro sqlite__amount_ambiguous__of(x, decimal_mark) -%}
{%- set mark, three = decimal_mark, decimal_mark ~ '[0-9][0-9][0-9]' -%}
(
    with
    given as (
        select
            case
                when {{ x }} glob '*[A-Za-z].'
                    then substr({{ x }}, 1, length({{ x }}) - 1)
                else {{ x }}
            end as v
        limit 1
    )
    select
        case
            when v glob '*[0-9]{{ three }}*'
                then not (
                    v glob '*{{ three }}*[0-9.,:]*'
                    or v glob '*[0-9][0-9][0-9][0-9]{{ mark }}*'
                    or v glob '*[0-9]*[^0-9]*[0-9]{{ mark }}*'
                    or v glob '0*'
                    or v glob '*[^0-9{{ mark }}]0*'
                    or v glob '*{{ mark }}0*{{ mark }}*'
                )
            else false
        end
    from given
)
{%- endmacro %}
