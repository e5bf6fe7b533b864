{#- All that a pattern says, for people: "first name equal; email different; ". -#}
{% macro identity_summary(entity, pattern) -%}
{%- for field in identity.identity_fields(entity) %}
{{ '|| ' if not loop.first -}}
coalesce(
    '{{ field.name | replace("_", " ") }} '
    || {{ identity.identity_words(field, pattern) }} || '; ', ''
)
{%- endfor %}
{%- endmacro %}
