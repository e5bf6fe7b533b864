{#- Monthly recurring revenue of a subscription in the minor unit of its currency: the
    amount of an interval times the quantity, less its discount, times the intervals
    of a year, and of that a twelfth. Rounded once, half away from zero. -#}
{% macro mrr(
    amount, quantity, per_year, interval_count='1', percent_off='null',
    amount_off='null'
) -%}
{{ rounded(cleaning.greatest_of([
            amount ~ ' * coalesce(' ~ quantity ~ ', 1) * (100 - coalesce('
            ~ percent_off ~ ', 0)) - 100 * coalesce(' ~ amount_off ~ ', 0)', '0',
        ]) ~ ' * ' ~ per_year ~ '
            / (1200.0 * coalesce(nullif(' ~ interval_count ~ ', 0), 1))') }}
{%- endmacro %}
