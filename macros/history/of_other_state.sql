{#- The condition that what was delivered of a record in one state, or of a deal in
    one stage, belongs to another one than it is in now. -#}
{% macro of_other_state(then, now) -%}
coalesce(
            {{ then }} <> {{ now }}
            and {{ stage_key(then) }} <> {{ stage_key(now) }}, false
        )
{%- endmacro %}
