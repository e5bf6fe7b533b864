{#- The condition that the state of an order does, or that of its payment. -#}
{% macro order_says_refunded(payment_status, status) -%}
{{ cleaning.code_key('coalesce(' ~ payment_status ~ ', ' ~ status ~ ')') }} in (
                select states.source_status
                from {{ ref('order_states') }} as states
                where states.order_state = 'refunded'
            )
{%- endmacro %}
