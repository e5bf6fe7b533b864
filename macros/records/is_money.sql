{#- The condition that a payment moved money: it did not fail, was taken and not only
    authorised, is no test, no memo, and no document such as an invoice. -#}
{% macro is_money(kind, status, impact, mode, is_captured) -%}
{%- set documents = [
    'invoice', 'bill', 'estimate', 'credit memo', 'purchase order',
    'journal entry', 'vendor credit', 'statement', 'quote', 'rechnung',
    'angebot', 'gutschrift', 'sales order', 'charge', 'time activity',
    'expense', 'cash expense', 'credit card expense', 'check', 'payroll check',
    'bill payment', 'bill payment (check)', 'bill payment (credit card)',
    'tax payment',
] -%}
not (
            {{ kind_says(kind, 'authorisation') }}
            or coalesce({{ kind }}, '') in ('{{ documents | join("', '") }}')
            or coalesce({{ cleaning.code_key(status) }}, '') in (
                select states.source_status
                from {{ ref('payment_states') }} as states
                where states.is_money = 0
            )
            or coalesce({{ impact }}, '') in ('memo', 'mémo', 'vermerk', 'nota')
            or coalesce({{ mode }}, '') = 'test'
            or coalesce(not {{ is_captured }}, false)
        )
{%- endmacro %}
