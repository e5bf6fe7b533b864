{#- A telephone number of the United States as E.164, or NULL. -#}
{% macro us_phone(x) -%}
{{ phone_e164(x, "'US'") }}
{%- endmacro %}
