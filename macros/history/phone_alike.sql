{#- What all ways of writing one telephone number have in common: E.164, with an
    extension, where it can be read without a country, else its digits. -#}
{% macro phone_alike(x) -%}
coalesce(
    {{ cleaning.phone_e164(x, 'cast(null as text)') }}
    || coalesce('x' || {{ cleaning.phone_extension(x) }}, ''),
    {{ cleaning.text_digits(x) }},
    {{ x }}
)
{%- endmacro %}
