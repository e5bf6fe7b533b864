{#- An amount whose hundredths are not all of it, for comparing versions: in ten
    thousandths, if its currency has more than two decimals. -#}
{% macro finer_units(given, decimal_mark) -%}
{%- set finer -%}
case
        when {{ amount_code() }} in (
            select currencies.code from {{ ref('currencies') }} as currencies
            where currencies.decimals > 2
        )
            then {{ given }}
    end
{%- endset -%}
{{ cleaning.parse_minor('(' ~ finer ~ ')', 4, decimal_mark) }}
{%- endmacro %}
