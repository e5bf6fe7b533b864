{#- The identifier of a buyer: that of the customer, without one the address within
    its source. -#}
{% macro buyer_key(customer_id, email, scope) -%}
coalesce(
            {{ customer_id }},
            coalesce({{ scope }}, '') || ':' || {{ cleaning.lower_text(email) }}
        )
{%- endmacro %}
