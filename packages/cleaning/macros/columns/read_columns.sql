{#-
    Columns of a relation, each read by a macro of this package: a whole select.
    `columns` maps a name to [macro, column, its further arguments …] or to an SQL
    expression; `beside` lists what else is selected. What columns need for unusual
    values is in the SQL once.
-#}
{% macro read_columns(relation, columns, beside=['*']) -%}
    {{ return(adapter.dispatch('read_columns', 'cleaning')(
        relation, columns, beside
    )) }}
{%- endmacro %}


{% macro default__read_columns(relation, columns, beside) -%}
select
        {{ beside | join(',\n        ') }}
        {%- for name, read in columns.items() %},
        {{ cleaning.read_columns__one(read) }} as {{ name }}
        {%- endfor %}
    from {{ relation }}{{ ' as _rows' if (relation | string).startswith('(') }}
    {{ cleaning.computed_once() }}
{%- endmacro %}


{% macro read_columns__one(read) -%}
{{ read if read is string else cleaning[read[0]](*read[1:]) }}
{%- endmacro %}


{#-
    A row with an unusual value first gets an array of all that are read in one way;
    the others, which are most, are read where they are selected.
-#}
{% macro sqlite__read_columns(relation, columns, beside) -%}
{%- set ways, cells = {}, {} -%}
{%- for name, read in columns.items() if read is not string -%}
    {%- set cell = cleaning.sqlite__cell(read) -%}
    {%- if cell -%}
        {%- set way = ways.setdefault(cell.way, {
            'name': '_unusual_' ~ (ways | length + 1), 'read': read, 'cells': [],
        }) -%}
        {%- if cell not in way.cells -%}{%- do way.cells.append(cell) -%}{%- endif -%}
        {%- do cells.update({name: cell}) -%}
    {%- endif -%}
{%- endfor -%}
{%- set shared = [] -%}
{%- for way in ways.values() if way.cells | length > 1 -%}
    {%- do shared.append(way) -%}
{%- endfor -%}
select
        {{ beside | join(',\n        ') }}
        {%- for name, read in columns.items() %},
        {% if name in cells and ways[cells[name].way] in shared -%}
        {%- set cell, way = cells[name], ways[cells[name].way] -%}
        iif({{ way.name }} is null, {{ cell.usual.value }}, {{ way.name }} ->> {{
            way.cells.index(cell) }})
        {%- else -%}
        {{ cleaning.read_columns__one(read) }}
        {%- endif %} as {{ name }}
        {%- endfor %}
    {%- if shared %}
    from (
        select
            *
            {%- for way in shared %},
            case
                when
                    {%- for cell in way.cells %}
                    {{ 'and ' if not loop.first -}}
                    ({{ cell.usual.condition }} or {{ cell.column }} is null)
                    {%- endfor %}
                    then null
                else (
                    select json_group_array({{ cleaning.sqlite__unusual(way) }})
                    from json_each(json_array(
                        _rows.{{ way.cells | map(attribute='column')
                            | join(', _rows.') }}
                    )) as cell
                )
            end as {{ way.name }}
            {%- endfor %}
        from {{ relation }} as _rows
        {{ cleaning.computed_once() }}
    )
    {%- else %}
    from {{ relation }}
    {%- endif %}
    {{ cleaning.computed_once() }}
{%- endmacro %}


{#- A column with its usual form: a condition, and what such a value means; and with
    its way. Text on one line is read in one way, whatever markers count, all else in
    one for each macro and its arguments. None where no usual form is known. -#}
{% macro sqlite__cell(read) -%}
    {%- set usual = {
        'clean_text': cleaning.sqlite__usual_text,
        'clean_name': cleaning.sqlite__usual_name,
        'parse_date': cleaning.sqlite__usual_date,
        'parse_timestamp': cleaning.sqlite__usual_timestamp,
        'parse_cents': cleaning.sqlite__usual_cents,
        'parse_minor': cleaning.sqlite__usual_minor,
    }.get(read[0]) -%}
    {%- if not usual -%}{{ return(none) }}{%- endif -%}
    {%- set form = usual(*read[1:]) -%}
    {%- if not form -%}{{ return(none) }}{%- endif -%}
    {%- set is_text = read[0] in ['clean_text', 'clean_name'] -%}
    {{ return({
        'column': read[1],
        'usual': form,
        'way': 'text' if is_text else read[0] ~ read[2:] | string,
        'markers': cleaning.text_markers(*read[2:]) if read[0] == 'clean_text'
            else cleaning.name_markers() if is_text,
    }) }}
{%- endmacro %}


{#- Any value of `cell`, read. Markers that do not count in every column are looked
    for by its place. -#}
{% macro sqlite__unusual(way) -%}
{%- if way.read[0] in ['parse_date', 'parse_timestamp'] -%}
{{ cleaning.sqlite__any_moment(
    'cell.value', way.read[0], way.read[2:]
) }}
{%- elif not way.cells[0].markers -%}
{{ cleaning[way.read[0]]('cell.value', *way.read[2:]) }}
{%- else -%}
{%- set places = {} -%}
{%- for cell in way.cells -%}
    {%- set place = loop.index0 -%}
    {%- for marker in cell.markers -%}
        {%- do places.setdefault(marker, []).append(place) -%}
    {%- endfor -%}
{%- endfor -%}
{%- set everywhere, some = [], {} -%}
{%- for marker, found in places.items() -%}
    {%- if found | length == way.cells | length -%}
        {%- do everywhere.append(marker) -%}
    {%- else -%}
        {%- do some.setdefault(found | join(', '), []).append(marker) -%}
    {%- endif -%}
{%- endfor -%}
{%- set usual = cleaning.sqlite__usual_tidy('cell.value', places | list) -%}
{{ cleaning.sqlite_shortcut(
    'cell.value', usual.condition, usual.value,
    cleaning.sqlite__tidied('cell.value', everywhere, 'collapse', some)
) }}
{%- endif -%}
{%- endmacro %}
