{#-
    The head of a model with `materialized: steps`: a query. When it finds other
    rows than at the last build, the model is built anew.
-#}
{% macro step_watch(sql) -%}
    {{ return(sql ~ '\n-- watched\n') }}
{%- endmacro %}
