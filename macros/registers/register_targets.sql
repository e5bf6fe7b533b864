{#- The columns of an organisation that a mapping can fill. -#}
{% macro register_targets() -%}
  {{ return([
      'company', 'licensee_name', 'operator', 'provider_id', 'facility_type',
      'license_number', 'license_type', 'license_status', 'license_issued',
      'license_renewed', 'certificate_expiration_date', 'first_name',
      'last_name', 'title', 'phone', 'phone2', 'email', 'website_address',
      'address1', 'address2', 'city', 'state', 'zip', 'county', 'capacity',
      'ages_served', 'min_age', 'max_age', 'schedule',
      'accepts_financial_aid', 'curriculum_type', 'language',
  ]) }}
{%- endmacro %}
