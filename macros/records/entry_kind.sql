{#- What a movement of a balance is, by the words of its system. A transfer is a payout
    where the file says of which settlement, and an own account where it names one. -#}
{% macro entry_kind() -%}
{%- set kind = cleaning.lower_text("coalesce(kind, '')") -%}
case
            when total_minor is not null or {{ kind }} like 'payout%' then 'payout'
            when
                {{ kind }} = 'transfer'
                and payout_id is not null and source_id is null
                then 'payout'
            when {{ kind }} like '%fee%' or {{ cleaning.lower_text('part') }} like '%fee%'
                then 'fee'
            when
                {{ kind }} like 'other%'
                and {{ cleaning.lower_text('detail') }} like '%fee%'
                then 'fee'
            when {{ kind }} like '%refund%' then 'refund'
            when {{ kind }} like 'dispute%' or {{ kind }} like 'chargeback%'
                then 'chargeback'
            when {{ kind }} in ('charge', 'payment', 'order', 'sale')
                then 'charge'
            else 'other'
        end
{%- endmacro %}
