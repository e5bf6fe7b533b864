{#-
    Columns of a relation, each read by a macro of this package: a whole select.
    `columns` maps a name to [macro, column, its further arguments …] or to an SQL
    expression; `beside` lists what else is selected.
-#}
{% macro read_columns(relation, columns, beside=['*']) -%}
select
        {{ beside | join(',\n        ') }}
        {%- for name, read in columns.items() %},
        {{ read if read is string else cleaning[read[0]](*read[1:]) }} as {{ name }}
        {%- endfor %}
    from {{ relation }}{{ ' as _rows' if (relation | string).startswith('(') }}
    {{ cleaning.computed_once() }}
{%- endmacro %}
