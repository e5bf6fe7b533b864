{#- Signs and codes of currencies as they stand beside an amount. -#}
{% macro currency_signs() -%}
    {%- set signs = [''] -%}
    {%- for sign in cleaning.currencies_by_sign() -%}
        {%- do signs.append(sign) -%}
    {%- endfor -%}
    {{ return(signs) }}
{%- endmacro %}


{#- The currencies that each sign or code can mean. A code means itself. -#}
{% macro currencies_by_sign() -%}
    {%- set found = {
        '$': [
            'usd', 'cad', 'aud', 'nzd', 'hkd', 'sgd', 'twd', 'mxn', 'clp',
            'cop', 'ars'
        ],
        '€': ['eur'], 'euro': ['eur'], 'euros': ['eur'], '€eur': ['eur'],
        '£': ['gbp'], '£gbp': ['gbp'], '¥': ['jpy', 'cny'], '￥': ['jpy', 'cny'],
        '元': ['cny'], '円': ['jpy'], '₹': ['inr'], '₽': ['rub'], '₩': ['krw'],
        '₺': ['try'], '₴': ['uah'], '₪': ['ils'], '₫': ['vnd'], '฿': ['thb'],
        '₱': ['php'], '₦': ['ngn'], '₡': ['crc'],
        'us$': ['usd'], '$usd': ['usd'], 'us': ['usd'], 'a$': ['aud'],
        'au$': ['aud'], '$aud': ['aud'], 'c$': ['cad'], 'ca$': ['cad'],
        '$cad': ['cad'], 'nz$': ['nzd'], 'hk$': ['hkd'], 's$': ['sgd'],
        'r$': ['brl'], 'mx$': ['mxn'],
        'kr': ['sek', 'nok', 'dkk', 'isk'], 'skr': ['sek'], 'dkr': ['dkk'],
        'nkr': ['nok'], 'fr': ['chf'], 'sfr': ['chf'],
        'rs': ['inr', 'pkr', 'lkr'], 'zł': ['pln'], 'kč': ['czk'],
        'ft': ['huf'], 'lei': ['ron'], 'лв': ['bgn'],
    } -%}
    {%- for code in [
        'usd', 'eur', 'gbp', 'cad', 'aud', 'nzd', 'chf', 'jpy', 'cny', 'rmb',
        'inr', 'sek', 'nok', 'dkk', 'isk', 'pln', 'czk', 'huf', 'ron', 'bgn',
        'brl', 'mxn', 'ars', 'clp', 'cop', 'pen', 'zar', 'sgd', 'hkd', 'twd',
        'krw', 'try', 'ils', 'rub', 'uah', 'thb', 'vnd', 'php', 'idr', 'myr',
        'aed', 'sar', 'qar', 'kwd', 'bhd', 'egp', 'mad', 'ngn', 'kes', 'pkr',
        'lkr', 'bdt', 'btc'
    ] -%}
        {%- do found.update({code: [code]}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
