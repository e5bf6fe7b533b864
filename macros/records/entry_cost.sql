{#- What of a movement of a balance is a fee, as a cost. Where the file has what is left
    (`left_minor`) of the amount (`gross_minor`), that says so; else the amounts of fees
    are signed as all others of their row. On the row of a whole payout the fee is the
    sum of all. -#}
{% macro entry_cost() -%}
{%- set fees = ['fee', 'shipment_fee', 'order_fee', 'misc_fee', 'other_fee'] -%}
{%- set all = ['amount'] + fees + ['promotion', 'direct_payment', 'other_amount'] -%}
case
            when total_minor is not null then abs(fee_minor)
            when entry_kind = 'fee' and left_minor is not null then -left_minor
            when entry_kind = 'fee'
                then -({{ entry_cost__sum(all) }})
            when left_minor is not null then gross_minor - left_minor
            else nullif(-({{ entry_cost__sum(fees) }}), 0)
        end
{%- endmacro %}


{% macro entry_cost__sum(names) -%}
{%- for name in names -%}
{{ '\n                    + ' if not loop.first }}coalesce({{ name }}_minor, 0)
{%- endfor -%}
{%- endmacro %}
