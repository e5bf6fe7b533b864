{#- What a pattern says of a field, for people. -#}
{% macro identity_words(field, pattern) -%}
{%- set words = {
    'e': 'equal', 'n': 'one slip apart', 's': 'similar', 'v': 'alike, both usual spellings',
    'g': 'equal, made of the name', 'b': 'equal, bears the name of one',
    'f': 'apart as the names are', 'd': 'different',
    'k': 'known short form', 'i': 'initial only', 'h': 'shared by several',
    'x': 'first and last name swapped', 'm': 'as in the mailbox of the other' if field.kind == 'last_name'
        else 'same mailbox elsewhere',
    'u': 'mailbox of another name or number', 'y': 'same year',
    'w': 'same day of another year', 'c': 'close in year, month and day',
    'a': 'same area', 'q': 'of two with this name in the firm',
    'o': 'given by one of them' if field.kind == 'generation'
        else 'other mailbox of the same firm',
} -%}
case substr({{ pattern }}, {{ field.position }}, 1)
    {%- for level in field.levels %}
    when '{{ level }}' then '{{ words[level] }}'
    {%- endfor %}
end
{%- endmacro %}
