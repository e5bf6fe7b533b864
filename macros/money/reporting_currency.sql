{#- The currency that amounts are converted to, '' without one: of the variable
    WAREHOUSE_REPORTING_CURRENCY, else of `vars`. -#}
{% macro reporting_currency() -%}
  {%- set currency = env_var('WAREHOUSE_REPORTING_CURRENCY', '')
      or var('reporting_currency') or '' -%}
  {%- if currency and not modules.re.match('[A-Z]{3}$', currency) -%}
    {%- do exceptions.raise_compiler_error(
        'reporting_currency must be an ISO 4217 code, got: ' ~ currency
    ) -%}
  {%- endif -%}
  {{ return(currency) }}
{%- endmacro %}
