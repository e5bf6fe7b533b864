{#- Those of dbt-sqlite take one and two names, and no package or version. -#}
{% macro ref() %}{{ return(builtins.ref(*varargs, **kwargs)) }}{% endmacro %}


{% macro source() %}{{ return(builtins.source(*varargs, **kwargs)) }}{% endmacro %}
