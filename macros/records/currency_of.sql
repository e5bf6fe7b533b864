{#- The currency that a code, a sign or an amount beside one shows, as its ISO 4217
    code, or NULL. A sign of several currencies means `usual`, the one to be expected,
    if it is one of them, else the dollar or the yen. -#}
{% macro currency_of(x, usual='null') -%}
{%- set marks = '0123456789.,:()+- \u00a0\u202f\u2009’−–—*' -%}
{%- set signs = dict({
    '৳': ['bdt'], '₸': ['kzt'], '₵': ['ghs'], '₾': ['gel'], '₲': ['pyg'],
    'nt$': ['twd'], 'rp': ['idr'], 'rm': ['myr'], 'us dollar': ['usd'],
}, **cleaning.currencies_by_sign()) -%}
case
        when {{ x }} is null or trim({{ x }}, '0123456789.-') = '' then null
        when length({{ x }}) = 3 and trim(
            upper({{ x }}), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
        ) = ''
            then upper({{ x }})
        else
            case trim(lower({{ x }}), '{{ marks }}''')
                {%- for sign, codes in signs.items() %}
                {%- if codes | length == 1 %}
                when '{{ sign }}' then '{{ codes[0] | upper }}'
                {%- else %}
                when '{{ sign }}'
                    then case
                        when {{ usual }} in (
                            '{{ codes | join("', '") | upper }}'
                        ) then {{ usual }}
                        when '{{ sign }}' in ('$', '¥', '￥')
                            then '{{ codes[0] | upper }}'
                    end
                {%- endif %}
                {%- endfor %}
            end
    end
{%- endmacro %}
