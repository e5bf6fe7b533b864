{#- The condition that what was said while a record was in one state, or a deal in one
    stage, was said of another one than it is in now. -#}
{% macro of_other_state(then, now) -%}
coalesce(
            {{ then }} <> {{ now }}
            and {{ stage_key(then) }} <> {{ stage_key(now) }}, false
        )
{%- endmacro %}
