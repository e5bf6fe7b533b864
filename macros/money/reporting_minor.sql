{#- An amount in minor units of the reporting currency, by the rate that
    reporting_join brings; NULL without one. Whole numbers alone, half away from zero:
    the parts of the rate keep each product within 64 bits. -#}
{% macro reporting_minor(minor, currency, alias='rates') -%}
{%- set reporting = reporting_currency() -%}
{%- if not reporting -%}
cast(null as bigint)
{%- else -%}
{%- set parts, remainders = [], [] -%}
{%- for part, weight in [('high', 100000000), ('middle', 10000), ('low', 1)] -%}
  {%- set product = 'abs(' ~ minor ~ ') * ' ~ alias ~ '.' ~ part -%}
  {%- set divisor = alias ~ '.' ~ part ~ '_divisor' -%}
  {%- do parts.append(
      whole_quotient(product, divisor) ~ ' * ' ~ alias ~ '.' ~ part ~ '_factor'
  ) -%}
  {%- do remainders.append(
      '(' ~ product ~ ') % ' ~ divisor ~ ' * cast(' ~ weight ~ ' as bigint)'
  ) -%}
{%- endfor -%}
{%- set divisor = alias ~ '.low_divisor' -%}
case
            when {{ currency }} = '{{ reporting }}' then {{ minor }}
            when abs({{ minor }}) <= {{ alias }}.largest
                then case when {{ minor }} < 0 then -1 else 1 end * (
                    {{ parts | join('\n                    + ') }}
                    + {{ whole_quotient(
                        remainders | join(' + ') ~ ' + '
                        ~ whole_quotient(divisor, '2'), divisor
                    ) }}
                )
        end
{%- endif -%}
{%- endmacro %}
