{#- Orders the delivered states of each key and numbers its versions (slowly
    changing dimension, type 2), computed from append-only rows. What the order
    is, and what becomes of a column that a file does not have: docs/decisions/,
    number 22.

    `relation` needs the columns, those of lineage, the business time
    `_changed_at` and `is_error`; rows in error stay in the result and have no
    version. Most keys have one row only, and need none of the sorting; only
    keys of which a file lacked a column go through its being carried forward.

    Gives the columns, those of lineage, and
      version_number      from 1 within the key
      valid_from          timestamp, always earlier than the next version's
      latest_file_id      newest file that delivered the key
      last_changed_at     newest business time within the version
      row_status          current, superseded, unchanged or error -#}
{% macro version_rows(
    relation, key, columns, state, files='files', types={}
) -%}
{%- set lineage = ['_row_id', '_file_id', '_record', '_line', '_loaded_at'] -%}
{%- set compared = lineage + ['_changed_at', '_received_at', '_place'] -%}
{%- set listed = (columns | list + lineage) | join(',\n        ') -%}
{%- set carried = columns.values() | select | list | length > 0 -%}
{%- set several -%}
select several.{{ key }} from {{ relation }} as several
                        where not several.is_error
                        group by several.{{ key }}
                        having count(*) > 1
{%- endset -%}
{%- set with_gaps -%}
select gap.{{ key }} from {{ relation }} as gap
                        where not gap.is_error and gap._file_id in (
                            select lacking.file_id from {{ files }} as lacking
                            where lacking.has_gaps = 1
                        )
{%- endset -%}
{%- set condition -%}
not is_error
                    and {{ key }} in (
                        {{ several }}
                    )
{%- endset -%}
select
        {{ listed }},
        1 as version_number,
        coalesce({{ credible_at() }}, {{ received_at() }}) as valid_from,
        _file_id as latest_file_id,
        _changed_at as last_changed_at,
        'current' as row_status
    from {{ relation }}
    left join {{ files }} on {{ relation }}._file_id = {{ files }}.file_id
    where
        not is_error
        and {{ key }} not in (
            {{ several }}
        )

    union all

    select
        {{ listed }},
        null as version_number,
        null as valid_from,
        _file_id as latest_file_id,
        null as last_changed_at,
        'error' as row_status
    from {{ relation }}
    where is_error

    union all

    {#- All columns go through the sorting: joined to their rows again, SQLite
        would scan the one for each row of the other. #}
    select
        {{ listed }},
        version_number,
        case
            when _began_at > {{ microseconds('_effective_at') }}
                then {{ timestamp_text('_began_at') }}
            else _effective_at
        end as valid_from,
        max(_file_id) over whole_key as latest_file_id,
        max(_changed_at) over (
            partition by {{ key }}, version_number
        ) as last_changed_at,
        case
            when not _is_change then 'unchanged'
            when version_number = max(version_number) over whole_key
                then 'current'
            else 'superseded'
        end as row_status
    from (
        {#- a version begins a microsecond or more after the one before it -#}
        select
            *,
            sum(case when _is_change then 1 else 0 end) over in_order
                as version_number,
            _place + max(
                case
                    when _is_change
                        then {{ microseconds('_effective_at') }} - _place
                end
            ) over in_order as _began_at
        from (
            select
                {{ columns | list | join(',\n                ') }},
                {{ compared | join(',\n                ') }},
                {{ began_at() }} as _effective_at,
                _is_change
            from (
                {{ placed_rows(
                    relation, key, files,
                    condition ~ (' and ' ~ key ~ ' not in (' ~ with_gaps ~ ')'
                    if carried else ''), state
                ) }}
            ) as placed
            {%- if carried %}

            union all

            select
                {{ columns | list | join(',\n                ') }},
                {{ compared | join(',\n                ') }},
                {{ began_at() }} as _effective_at,
                _state is distinct from lag(_state) over (
                    partition by {{ key }} order by _place
                ) as _is_change
            from (
                select
                    *,
                    {{ json_array_text(state) }} as _state
                from (
                    {{ carried_forward(
                        '(' ~ placed_rows(
                            relation, key, files,
                            condition ~ ' and ' ~ key
                            ~ ' in (' ~ with_gaps ~ ')'
                        ) ~ ')', key, columns, types,
                        compared + ['_effective_at', '_first_effective_at']
                    ) }}
                ) as carried
                {{ cleaning.computed_once() }}
            ) as stated
            {%- endif %}
        ) as compared
        window in_order as (
            partition by {{ key }} order by _place rows unbounded preceding
        )
    ) as numbered
    window whole_key as (partition by {{ key }})
{%- endmacro %}


{#- Rows with their place in the order of their key; with a state to compare,
    whether it is another than that of the row before. A row without an effective
    time comes before those that have one, and no later than they. -#}
{% macro placed_rows(relation, key, files, condition, state=[]) -%}
select
                *,
                {%- if state %}
                _state is distinct from lag(_state) over in_order as _is_change,
                {%- endif %}
                row_number() over in_order as _place,
                min(_effective_at) over (partition by {{ key }})
                    as _first_effective_at
            from (
                {{ ordered_rows(relation, key, files, condition, state) }}
            ) as ordered
            window in_order as (
                partition by {{ key }}
                order by
                    coalesce(_effective_at, ''), _received_at, _file_id, _record
            )
{%- endmacro %}


{% macro began_at() -%}
coalesce(
                    _effective_at,
                    case
                        when _first_effective_at < _received_at
                            then _first_effective_at
                        else _received_at
                    end
                )
{%- endmacro %}
