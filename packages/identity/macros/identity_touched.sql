{#- A step that makes `step_touched`, the records new or changed since a model
    was built. -#}
{% macro identity_touched(records) -%}
{% call identity.step_table('step_touched', indexes=['record_number']) %}
    select record_number from {{ records }}
    where latest_file_id > {{ watermark() }}
{% endcall %}
{%- endmacro %}


{#- Steps that take the pairs of touched records out of the model's table. -#}
{% macro step_without_touched() -%}
{%- for column in ['record_a', 'record_b'] -%}
{{ identity.step(
    'delete from ' ~ this ~ ' where ' ~ column
    ~ ' in (select record_number from step_touched)'
) }}
{%- endfor -%}
{%- endmacro %}
