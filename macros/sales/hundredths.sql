{#- An amount in hundredths, if it is in the declared currency of the sales: what the
    columns that end in `_cents` hold. -#}
{% macro hundredths(minor, currency) -%}
{%- set declared = source_settings('sales', 'transactions').currency -%}
case
            when {{ currency }} = '{{ declared or '' }}'
                then cast({{ cleaning.nearest(main_units(minor, currency) ~ ' * 100') }} as bigint)
        end
{%- endmacro %}
