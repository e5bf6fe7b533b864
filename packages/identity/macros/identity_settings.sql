{#-
    What is configured for an entity, with defaults. Weights are in centibits,
    hundredths of a factor of two: 60 is odds of 3 to 2, a probability of .6.
      id          column that identifies a record
      fields      list of {name, kind}
      threshold   records are merged from here on
      unseen      weight of a pair that shares no block, for averages
      veto        weight of a pair whose names say that it is two persons
      review      weight of a pair that is left to a person: as likely as not
      certain     weight beyond which nothing is surer, more than any pair has
      one_mailbox what becomes of two first names with one mailbox: `review`
                  leaves it to a person, `merge` to the weights
      branches    what becomes of companies of one domain with other towns or
                  names: likewise
      check_after by which share records grow until it is checked what learning
                  the weights anew would change
      most_shift  by how much decisions of people may move the threshold
      most_nudge  by how much they may move the weight of one finding
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
        {'id': 'record_id', 'threshold': 60, 'unseen': -400, 'veto': -800,
        'review': -10, 'certain': 900000, 'most_shift': 50, 'most_nudge': 10,
        'check_after': 0.05, 'one_mailbox': 'review', 'branches': 'review',
        'block_size': 30},
        **entities[entity]
    )) }}
{%- endmacro %}
