{#- The condition that an amount stands beside the sign or the code of another
    currency than that of its source: a sum of both would be wrong. Without a
    declared currency any sign is another one. -#}
{% macro other_currency(x, currency) -%}
    {{ return(adapter.dispatch('other_currency', 'revenue_warehouse')(
        x, other_currency__foreign(currency)
    )) }}
{%- endmacro %}


{% macro other_currency__foreign(currency) -%}
    {%- set signs = [] -%}
    {%- for sign, currencies in cleaning.currencies_by_sign().items()
        if (currency or '') | lower not in currencies -%}
        {%- do signs.append(sign) -%}
    {%- endfor -%}
    {{ return(signs) }}
{%- endmacro %}


{% macro default__other_currency(x, signs) -%}
case
    when ltrim({{ x }}, '-0123456789.,') <> ''
        then {{ amount_sign(x) }} in ('{{ signs | join("', '") }}')
    else false
end
{%- endmacro %}


{% macro sqlite__other_currency(x, signs) -%}
{{ cleaning.session_function(
    'other_currency', [x], sqlite__other_currency__of, [signs],
    unless=x ~ " not glob '*[^-0-9.,]*'", value='false'
) }}
{%- endmacro %}


{#- SQLite works out both sides of an `and`. -#}
{% macro sqlite__other_currency__of(x, signs) -%}
case
    when {{ x }} glob '*[^-0-9.,]*'
        then {{ amount_sign(x) }} in ('{{ signs | join("', '") }}')
    else false
end
{%- endmacro %}
