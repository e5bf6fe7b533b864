{#- An identifier, unless a spreadsheet has rounded it. -#}
{% macro kept_id(x) -%}
  {{ return('case when not ' ~ is_rounded_id(x) ~ ' then ' ~ x ~ ' end') }}
{%- endmacro %}
