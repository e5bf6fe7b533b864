{#- Whether a clear address or number (`kind` is email or phone) is one that is given
    for want of a person's own: a mailbox of nobody or of an office, or a number of which
    the last seven digits are one and the same. -#}
{% macro is_nobodys(value, kind) -%}
{%- if kind == 'email' -%}
{{ cleaning.text_before(value, '@') }} in (
            select mailboxes.mailbox from {{ ref('shared_mailboxes') }} as mailboxes
        )
{%- else -%}
replace(
            substr({{ value }}, length({{ value }}) - 6),
            substr({{ value }}, length({{ value }})),
            ''
        ) = ''
{%- endif -%}
{%- endmacro %}
