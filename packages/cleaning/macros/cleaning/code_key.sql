{#- The spelling under which a code is looked up. -#}
{% macro code_key(expression) -%}
replace(replace(
    {{ cleaning.lower_text('trim(' ~ expression ~ ", ' ')") }}, '_', ' '
), '-', ' ')
{%- endmacro %}
