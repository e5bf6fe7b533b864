{#-
    What is configured for an entity, with defaults. Weights are in centibits,
    hundredths of a factor of two: 200 is odds of 4 to 1, a probability of .8.
      id          column that identifies a record
      fields      list of {name, kind}
      threshold   records are merged from here on
      unseen      weight of a pair that shares no block, for averages
      golden      columns of the golden record, each from the record that wins it
      follow      further ones, {column: the one of golden it comes along with}
      changed     column of a record's last change, for the seed survivorship
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
        {'id': 'record_id', 'threshold': 200, 'unseen': -400, 'block_size': 30},
        **entities[entity]
    )) }}
{%- endmacro %}
