{#- Words that end the names of streets, dots left out. -#}
{% macro street_types() -%}
  {{ return([
      'ST', 'STREET', 'AVE', 'AV', 'AVENUE', 'BLVD', 'BOULEVARD', 'RD', 'ROAD',
      'DR', 'DRIVE', 'LN', 'LANE', 'CT', 'COURT', 'PL', 'PLACE', 'PKWY',
      'PARKWAY', 'TER', 'TERR', 'TERRACE', 'TRL', 'TRAIL', 'CIR', 'CIRCLE',
      'WAY', 'HWY', 'HIGHWAY', 'LOOP', 'PLZ', 'PLAZA', 'SQ', 'SQUARE', 'ALY',
      'ALLEY', 'FWY', 'FREEWAY', 'EXPY', 'PIKE', 'TPKE', 'WALK', 'ROW', 'CV',
      'XING', 'CROSSING', 'PATH',
  ]) }}
{%- endmacro %}
