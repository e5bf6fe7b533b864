{#-
    What two persons may share without being one, or nothing: the firm of
    colleagues (c) or, where firms are not known, the last name of relatives
    (r). `apart` are the kinds of fields that then separate two persons.
-#}
{% macro identity_relation(fields) -%}
    {%- set kinds = fields | map(attribute='kind') | list -%}
    {%- if 'last_name' not in kinds -%}
        {{ return(none) }}
    {%- endif -%}
    {%- for field in fields if field.kind in ['company_id', 'company'] -%}
        {{ return({'letter': 'c', 'field': field.name,
            'apart': ['first_name', 'last_name']}) }}
    {%- endfor -%}
    {{ return({'letter': 'r', 'field': 'last_name', 'apart': ['first_name']}) }}
{%- endmacro %}
