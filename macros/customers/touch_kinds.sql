{#- Kinds of events by which a customer is met; of several at one time the first one
    counts as the first touch. -#}
{% macro touch_kinds() -%}
  {{ return([
      'form_lead', 'list', 'crm_lead', 'prospect_lead', 'call_centre', 'account',
      'contact', 'deal', 'activity', 'order', 'sale', 'payment',
  ]) }}
{%- endmacro %}
