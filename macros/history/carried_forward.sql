{#- Rows in the order of their history in which a column that a file does not
    have keeps the value last known, a whole select of the columns, those of
    lineage and of the order. `relation` has the columns of ordered_rows and
    `_place`; `columns` maps each column to the declared one it is read from, or
    to none if every file has it; `types` names what is not text. With `absent` a
    row that says that the record is missing has none of the columns but the key.
    What of `backward` was not known yet is as it was first delivered. -#}
{% macro carried_forward(
    relation, key, columns, types, kept, absent=false, backward=[]
) -%}
{%- set known = {} -%}
{%- for column, declared in columns.items()
    if declared or (absent and column != key) -%}
  {%- set conditions = [] -%}
  {%- if declared -%}{%- do conditions.append(lacks_column(declared) ~ ' = 0') -%}{%- endif -%}
  {%- if absent -%}{%- do conditions.append('_is_absent = 0') -%}{%- endif -%}
  {%- do known.update({column: conditions | join(' and ')}) -%}
{%- endfor -%}
select
        {%- for column, declared in columns.items() %}
        {%- if column in known %}
        case
            when {{ known[column] }} then {{ column }}
            when substr(_last_{{ column }}, 11, 1) = '+'
                then {{ read_again(
                    'substr(_last_' ~ column ~ ', 12)', types.get(column)
                ) }}
            {%- if column in backward %}
            when _last_{{ column }} is null
                and substr(_first_{{ column }}, 11, 1) = '+'
                then {{ read_again(
                    'substr(_first_' ~ column ~ ', 12)', types.get(column)
                ) }}
            {%- endif %}
            {#- what was never known may follow from others: a currency from a sign -#}
            {%- if column != key %}
            when _last_{{ column }} is null then {{ column }}
            {%- endif %}
        end as {{ column }},
        {%- else %}
        {{ column }},
        {%- endif %}
        {%- endfor %}
        {{ kept | join(',\n        ') }}
    from (
        select
            *
            {%- for column, conditions in known.items() %}
            {%- set given -%}
                case
                    when {{ conditions }}
                        then (1000000000 + _place) || coalesce(
                            '+' || {{ exact_text(column, types.get(column)) }},
                            '-'
                        )
                end
            {%- endset %},
            max(
                {{ given }}
            ) over (
                partition by {{ key }}
                order by _place rows unbounded preceding
            ) as _last_{{ column }}
            {%- if column in backward %},
            min(
                {{ given }}
            ) over (partition by {{ key }}) as _first_{{ column }}
            {%- endif %}
            {%- endfor %}
        from {{ relation }}{{ ' as _rows' if (relation | string).startswith('(') }}
    ) as known
{%- endmacro %}


{% macro read_again(text, data_type) -%}
{%- if data_type -%}
cast({{ text }} as {{ logical_type(data_type) }})
{%- else -%}
{{ text }}
{%- endif -%}
{%- endmacro %}
