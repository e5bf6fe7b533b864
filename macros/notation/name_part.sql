{#- The first names or the last name of a whole name. -#}
{% macro name_part(part) -%}
{%- if part == 'first' -%}
nullif({{ cleaning.before_last_word('given_full_name') }}, '')
{%- else -%}
{{ cleaning.last_word('given_full_name') }}
{%- endif -%}
{%- endmacro %}
