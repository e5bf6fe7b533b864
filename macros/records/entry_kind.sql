{#- What a movement of a balance is, by the words of its system, which are in
    lower case in lower_kind, lower_part and lower_detail. A transfer is a payout
    where the file says of which settlement, and an own account where it names one. -#}
{% macro entry_kind() -%}
case
            when total_minor is not null or lower_kind like 'payout%' then 'payout'
            when
                lower_kind = 'transfer'
                and payout_id is not null and source_id is null
                then 'payout'
            when lower_kind like '%fee%' or lower_part like '%fee%'
                then 'fee'
            when
                lower_kind like 'other%'
                and lower_detail like '%fee%'
                then 'fee'
            when lower_kind like '%refund%' then 'refund'
            when lower_kind like 'dispute%' or lower_kind like 'chargeback%'
                then 'chargeback'
            when lower_kind in ('charge', 'payment', 'order', 'sale')
                then 'charge'
            else 'other'
        end
{%- endmacro %}
