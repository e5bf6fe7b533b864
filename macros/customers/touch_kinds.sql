{#- Kinds of events of customers; of several at one time the first one counts as the
    first touch. -#}
{% macro touch_kinds() -%}
  {{ return([
      'form_lead', 'list', 'crm_lead', 'call_centre', 'account', 'contact', 'deal',
      'activity', 'order', 'sale', 'payment', 'refund', 'chargeback',
  ]) }}
{%- endmacro %}
