{#- What has been given back, where a later file shows another state and no amount: of
    one that says that all was, nothing is known of how much; else at least what was
    known, and not nothing. -#}
{% macro refunded_since(amount, then, now, is_whole) -%}
case
            when not {{ of_other_state(then, now) }} then {{ amount }}
            when not coalesce({{ is_whole }}, false) then nullif({{ amount }}, 0)
        end
{%- endmacro %}
