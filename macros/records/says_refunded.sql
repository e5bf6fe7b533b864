{#- The condition that the state of a payment says that all of it was given back. -#}
{% macro says_refunded(status) -%}
{{ cleaning.code_key(status) }} in (
                'refunded', 'zurückerstattet', 'rückerstattet', 'remboursé',
                'reembolsado'
            )
{%- endmacro %}
