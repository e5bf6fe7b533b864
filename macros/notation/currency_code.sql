{#- The ISO 4217 code of a currency that has a column of its own: a code in any case,
    a sign or a word of one currency only; NULL for any other text. -#}
{% macro currency_code(x) -%}
{%- set words = {
    'us dollar': 'usd', 'u.s. dollar': 'usd', 'british pound': 'gbp',
    'pound sterling': 'gbp', 'swiss franc': 'chf', 'japanese yen': 'jpy',
    'yen': 'jpy', 'canadian dollar': 'cad', 'australian dollar': 'aud',
    'swedish krona': 'sek', 'norwegian krone': 'nok', 'danish krone': 'dkk',
    'indian rupee': 'inr', 'polish zloty': 'pln',
} -%}
{%- set codes = (
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL '
    ~ 'BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD '
    ~ 'EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR '
    ~ 'ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP '
    ~ 'LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD '
    ~ 'NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR '
    ~ 'SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP '
    ~ 'TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER '
    ~ 'ZAR ZMW ZWG '
).split() -%}
{%- for sign, signed in cleaning.currencies_by_sign().items()
    if signed | length == 1 and sign != signed[0] -%}
  {%- do words.update({sign: signed[0]}) -%}
{%- endfor -%}
case
            when {{ x }} is null then null
            when upper({{ x }}) in ('{{ codes | join("', '") }}') then upper({{ x }})
            else case lower({{ x }})
                {%- for word, code in words.items() %}
                when '{{ word }}' then '{{ code | upper }}'
                {%- endfor %}
            end
        end
{%- endmacro %}
