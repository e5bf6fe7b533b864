{#- A telephone number of the United States as E.164, or NULL. -#}
{% macro us_phone(x) -%}
{{ phone_e164(x, "'1'", "'1'", 10, 10, "'011'") }}
{%- endmacro %}
