{#- What a delivery of a table means, as its declaration says (`changes` without
    one), by the source within it: pages of a connector, kept in the folder of
    its name, replace themselves. -#}
{% macro delivery_kind(source_name, table_name, folder) -%}
{%- set kind = source_settings(source_name, table_name).delivery -%}
{%- set asked = [] -%}
{%- if execute -%}
  {%- set meta = source_table(source_name, table_name).config.meta or {} -%}
  {%- for feed in [meta.get('api'), meta.get('database')] if feed -%}
    {%- do asked.append("'" ~ feed.name ~ "'") -%}
  {%- endfor -%}
{%- endif -%}
{%- if asked -%}
case when {{ folder }} in ({{ asked | join(', ') }}) then 'period' else '{{ kind }}' end
{%- else -%}
'{{ kind }}'
{%- endif -%}
{%- endmacro %}
