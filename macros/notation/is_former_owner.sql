{#- Whether an owner as named has left, by a mark in brackets behind the name. -#}
{% macro is_former_owner(x) -%}
{{ cleaning.session_function(
    'is_former_owner', [x], is_former_owner__of, unless=x ~ " not like '%(%'",
    value='false'
) }}
{%- endmacro %}


{% macro is_former_owner__of(x) -%}
coalesce({{ x }} like '%_(%)' and {{ cleaning.lower_text(
            'trim(substr(' ~ x ~ ', length(rtrim(' ~ x ~ ', replace(' ~ x
            ~ ", '(', ''))) + 1), ') ')"
        ) }} in (
            'deactivated user', 'deactivated', 'inactive user', 'inactive',
            'deleted user', 'deleted', 'removed user', 'removed', 'former user',
            'deaktivierter benutzer', 'deaktivierter nutzer', 'deaktiviert',
            'inaktiv', 'gelöscht', 'utilisateur désactivé', 'désactivé',
            'usuario desactivado', 'desactivado', 'utente disattivato',
            'disattivato', 'usuário desativado', 'desativado',
            'gedeactiveerde gebruiker', 'gedeactiveerd'
        ), false)
{%- endmacro %}
