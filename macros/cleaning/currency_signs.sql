{#- Signs and codes of currencies as they stand beside an amount. -#}
{% macro currency_signs() -%}
    {{ return([
        '', '$', '€', '£', '¥', '₹', '₽', '₩', '₺', '₴', '₪', '₫', '฿', 'us$',
        'a$', 'au$', 'c$', 'ca$', 'nz$', 'hk$', 's$', 'r$', 'mx$', 'kr', 'fr',
        'sfr', 'rs', 'zł', 'kč', 'ft', 'usd', 'eur', 'gbp', 'cad', 'aud',
        'nzd', 'chf', 'jpy', 'cny', 'inr', 'sek', 'nok', 'dkk', 'pln', 'czk',
        'huf', 'brl', 'mxn', 'zar', 'sgd', 'hkd', 'krw', 'try', 'ils', 'rub',
        'uah', 'thb', 'aed', 'sar', 'euro', '$usd', '$cad', '$aud', '€eur',
        '£gbp'
    ]) }}
{%- endmacro %}
