{#- A stage without the pipeline that HubSpot writes in brackets behind it where a portal
    has several. -#}
{% macro stage_without_pipeline(stage, pipeline) -%}
{{ cleaning.session_function(
    'stage_without_pipeline', [stage, pipeline], stage_without_pipeline__of,
    unless=stage ~ " not like '%)'", value=stage
) }}
{%- endmacro %}


{% macro stage_without_pipeline__of(stage, pipeline) -%}
case
            when
                substr({{ stage }}, length({{ stage }}) - length({{ pipeline }}) - 2)
                = ' (' || {{ pipeline }} || ')'
                then trim(substr(
                    {{ stage }}, 1, length({{ stage }}) - length({{ pipeline }}) - 3
                ))
            else {{ stage }}
        end
{%- endmacro %}
