{#-
    What is configured for an entity, with defaults. Weights are in centibits,
    hundredths of a factor of two: 200 is odds of 4 to 1, a probability of .8.
      fields      list of {name, kind}
      threshold   records are merged from here on
      certain     pairs that agree in all they have are merged at once
      unseen      weight of a pair that shares no block, for averages
-#}
{% macro identity_settings(entity) -%}
    {%- set entities = var('identity', {}) -%}
    {%- if entity not in entities -%}
        {%- do exceptions.raise_compiler_error(
            'identity_settings: vars: identity: has no ' ~ entity ~ ', only '
            ~ entities | join(', ')
        ) -%}
    {%- endif -%}
    {{ return(dict(
        {'threshold': 200, 'certain': 1500, 'unseen': -400, 'block_size': 30},
        **entities[entity]
    )) }}
{%- endmacro %}
