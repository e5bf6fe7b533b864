{#- An amount in hundredths, if it is in the declared currency of the sales: what the
    columns that end in `_cents` hold. -#}
{% macro hundredths(minor, currency) -%}
{%- set declared = source_settings('sales', 'transactions').currency -%}
case
            when {{ currency }} = '{{ declared or '' }}'
                then cast({{ cleaning.nearest(main_units(minor, currency) ~ ' * 100') }} as bigint)
        end
{%- endmacro %}


{#- The sum of a group in hundredths: of the declared currency 0 where no amount can be
    read, of another one NULL. -#}
{% macro total_hundredths(cents, currency) -%}
{%- set declared = source_settings('sales', 'transactions').currency -%}
case
            when {{ currency }} = '{{ declared or '' }}'
                then coalesce(sum({{ cents }}), 0)
            else sum({{ cents }})
        end
{%- endmacro %}
