{#- The transforms that register_mappings can name: for each the SQL of its value,
    as text, and the rule that is broken where something was delivered and nothing
    could be read. The SQL reads the columns of int_prospects__records:

      given_1               the first source column as delivered
      value_1, value_2      the first two, cleaned
      unlabelled            value_1 without the label that `arguments` names
      street_line, city     the halves of an address in one field
      joined, labelled, is_flagged, ages_text, hours   what several columns
                            together say -#}
{% macro register_transforms() -%}
  {{ return({
      'text': {'sql': 'value_1'},
      'upper': {'sql': cleaning.upper_text('value_1')},
      'join': {'sql': 'joined'},
      'phone': {'sql': us_phone('value_1'), 'rule': 'phone_unreadable'},
      'email': {'sql': cleaning.clean_email('value_1'), 'rule': 'email_malformed'},
      'date': {'sql': cleaning.parse_date('unlabelled'), 'rule': 'date_unreadable'},
      'number': {
          'sql': 'cast(' ~ cleaning.parse_integer('unlabelled') ~ ' as text)',
          'rule': 'number_unreadable',
      },
      'yes_no': {
          'sql': 'case ' ~ cleaning.parse_boolean('value_1')
              ~ " when true then 'true' when false then 'false' end",
          'rule': 'boolean_unreadable',
      },
      'flag': {
          'sql': "case when is_flagged then 'true' else 'false' end",
      },
      'labels': {'sql': 'labelled'},
      'zip': {'sql': cleaning.us_zip('value_1'), 'rule': 'value_unreadable'},
      'street': {'sql': street_part('value_1', 'street')},
      'unit': {
          'sql': 'coalesce(value_2, ' ~ street_part('value_1', 'unit') ~ ')',
      },
      'address_street': {
          'sql': street_part('street_line', 'street'),
          'rule': 'value_unreadable',
      },
      'address_unit': {'sql': street_part('street_line', 'unit')},
      'address_city': {'sql': 'city'},
      'address_state': {
          'sql': address_part('value_1', 'state'), 'rule': 'value_unreadable',
      },
      'address_zip': {
          'sql': address_part('value_1', 'zip'), 'rule': 'value_unreadable',
      },
      'license_type': {'sql': license_part('value_1', 'type')},
      'license_number': {
          'sql': license_part('value_1', 'number'), 'rule': 'value_unreadable',
      },
      'trading_name': {'sql': trading_part('value_1', 'trading')},
      'licensee': {'sql': trading_part('value_1', 'licensee')},
      'person_first': {'sql': person_part('given_1', 'first')},
      'person_last': {'sql': person_part('given_1', 'last')},
      'person_title': {'sql': person_part('given_1', 'title')},
      'ages': {'sql': 'ages'},
      'min_age': {'sql': 'cast(' ~ age_bound('ages_text', 'min') ~ ' as text)'},
      'max_age': {'sql': 'cast(' ~ age_bound('ages_text', 'max') ~ ' as text)'},
      'opening_hours': {'sql': 'hours'},
      'only': {'sql': 'null'},
  }) }}
{%- endmacro %}
