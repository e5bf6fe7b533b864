{#- The condition that the declaration of a file of the ledger says the currency of its
    amounts: that of its system, else of its table. -#}
{% macro currency_said(files) -%}
{%- set names = [''] -%}
{%- if execute -%}
  {%- for source in graph.sources.values() -%}
    {%- set found = source_settings(source.source_name, source.name) -%}
    {%- if found.currency -%}
      {%- do names.append(source.source_name ~ '.' ~ source.name) -%}
    {%- endif -%}
  {%- endfor -%}
{%- endif -%}
case
                    when {{ files }}.notation is not null
                        then {{ json_value(files ~ '.notation', 'currency') }} is not null
                    else {{ files }}.source_name || '.' || {{ files }}.table_name in (
                        '{{ names | sort | join("', '") }}'
                    )
                end
{%- endmacro %}
