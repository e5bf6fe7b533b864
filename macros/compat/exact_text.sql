{#- A value as text from which it can be read again; numbers keep all digits. -#}
{% macro exact_text(x, data_type) -%}
  {{ return(adapter.dispatch('exact_text', 'revenue_warehouse')(x, data_type)) }}
{%- endmacro %}


{#- A plain cast would keep 15 digits; of NULL, printf makes 0.0. -#}
{% macro sqlite__exact_text(x, data_type) -%}
{%- if data_type == 'double' -%}
case when {{ x }} is not null then printf('%!.17g', {{ x }}) end
{%- else -%}
cast({{ x }} as text)
{%- endif -%}
{%- endmacro %}


{% macro default__exact_text(x, data_type) -%}
cast({{ x }} as {{ logical_type('text') }})
{%- endmacro %}
