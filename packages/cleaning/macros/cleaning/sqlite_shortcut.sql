{#-
    The usual form of a value before the general one, where `x` is a column: a
    few comparisons instead of a subquery for every row. A larger expression
    would be computed once for each of them, and takes the general way.
-#}
{% macro sqlite_shortcut(x, is_usual, value, general) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case
    when {{ x }} is null then null
    when {{ is_usual }} then {{ value }}
    else {{ general }}
end
{%- else -%}
{{ general }}
{%- endif -%}
{%- endmacro %}
