{#-
    What is configured for an entity, with defaults. Weights are in centibits,
    hundredths of a factor of two: 120 is odds of 7 to 3, a probability of .7.
      id          column that identifies a record
      fields      list of {name, kind}
      threshold   records are merged from here on
      name_alone  they are merged from here on where only their names agree
      few_records so many records show how rare a name is: of fewer, two that agree
                  in their names alone and differ in two things are left to a person
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
      nicknames, email_providers, platform_domains, shared_mailboxes
                  tables in place of the seeds of that name, each by its name
      golden      columns of the golden record with their rule, `latest`, `earliest`
                  or `longest`: which record gives the value
      follow      further ones, {column: the one of golden it comes along with}
      gone        column that is true of a record that has been deleted: the values of
                  the others come first
      changed     column of a record's last change, by which `latest` is found
      trust       column of how far a record's source is trusted, 1 before 2: the
                  values of the most trusted come first
      apart       column with the name of a group whose records have no duplicates
                  among themselves: two of one group are never one
      declared    model with links that the sources declare, in the columns of the
                  seed of decisions: decisions of people outweigh them
      mailbox_alone
                  the least weight of a record without a name and one with the same
                  mailbox, if nobody else has it: to whom a receipt or newsletter goes
      firm_alone  companies are merged from here on where only their names agree
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
        {'id': 'record_id', 'follow': {}, 'threshold': 120, 'unseen': -340, 'veto': -800,
        'review': -10, 'name_alone': 200, 'few_records': 1000, 'certain': 900000, 'most_shift': 50, 'most_nudge': 10,
        'check_after': 0.05, 'one_mailbox': 'review', 'branches': 'review',
        'block_size': 30, 'nicknames': 'nicknames',
        'email_providers': 'email_providers',
        'platform_domains': 'platform_domains',
        'shared_mailboxes': 'shared_mailboxes'},
        **entities[entity]
    )) }}
{%- endmacro %}
