{#-
    A statement of a model with `materialized: steps`, closed by the marker of
    its end. The last of a model is a select and is not closed.
-#}
{% macro step(sql='') -%}
    {{ return(sql ~ '\n-- step\n') }}
{%- endmacro %}
