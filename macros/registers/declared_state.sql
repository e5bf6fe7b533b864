{#- The state that the declaration of a register names. -#}
{% macro declared_state(register) -%}
{%- if execute -%}
{%- set table = source_table('prospects', 'registers') -%}
case {{ register }}
    {%- for name, settings in table.config.meta.registers.items() %}
    when '{{ name }}' then '{{ settings.state }}'
    {%- endfor %}
end
{%- else -%}
cast(null as text)
{%- endif -%}
{%- endmacro %}
