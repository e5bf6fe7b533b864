{#- The ISO 4217 code of an amount without a currency of its own: by the sign or code
    beside it, else as given. A sign of several means the one given, if it is one of
    them; else `$` the dollar, `¥` the yen, and others XXX. -#}
{% macro amount_currency(x, given) -%}
    {{ return(adapter.dispatch('amount_currency', 'revenue_warehouse')(x, given)) }}
{%- endmacro %}


{% macro sqlite__amount_currency(x, given) -%}
{{ cleaning.session_function(
    'amount_currency', [x, given], sqlite__amount_currency__of,
    unless=x ~ " not glob '*[^-0-9.,]*'", value=given
) }}
{%- endmacro %}


{% macro amount_currency__of_sign(given) -%}
case _sign
                {%- for sign, codes in cleaning.currencies_by_sign().items() %}
                {%- if codes | length == 1 %}
                when '{{ sign }}' then '{{ codes[0] | upper }}'
                {%- else %}
                when '{{ sign }}' then case
                    when {{ given }} in ('{{ codes | map('upper') | join("', '") }}')
                        then {{ given }}
                    else '{{ codes[0] | upper if sign in ['$', '¥', '￥'] else 'XXX' }}'
                end
                {%- endif %}
                {%- endfor %}
                else {{ given }}
            end
{%- endmacro %}


{% macro default__amount_currency(x, given) -%}
{{ cleaning.session_function(
    'amount_currency', [x, given], default__amount_currency__whole
) }}
{%- endmacro %}


{#- What is left of an amount without its digits and marks is the sign. -#}
{% macro default__amount_currency__whole(x, given) -%}
case
    when ltrim({{ x }}, '-0123456789.,') <> ''
        then (
            select {{ amount_currency__of_sign(given) }}
            from (select {{ amount_sign(x) }} as _sign) as _signed
        )
    else {{ given }}
end
{%- endmacro %}


{% macro sqlite__amount_currency__of(x, given) -%}
case
    when {{ x }} glob '*[^-0-9.,]*'
        then (
            select {{ amount_currency__of_sign(given) }}
            from (select {{ amount_sign(x) }} as _sign limit 1) as _signed
        )
    else {{ given }}
end
{%- endmacro %}
