{#- Orders the delivered states of each key and numbers its versions (slowly
    changing dimension, type 2), computed from append-only rows. What the order
    is, and what becomes of a column that a file does not have: docs/decisions/,
    number 22.

    `relation` needs the columns, those of lineage, the business time
    `_changed_at` and `is_error`; rows in error stay in the result and have no
    version. Most keys have one row only, and need none of the sorting; only
    keys of which a file lacked a column go through its being carried forward.

    With `absences`, the model of what full pictures lack, `relation` has further rows
    for these, with `_is_absent` 1 (0 in all others) and nothing else but key, lineage
    and times; a version `is_absent` has the values of the one before it. `files` is
    then of delivered_files with `absences`, and `gapped` of gapped_rows. `backward`
    is of carried_forward.

    Gives the columns, those of lineage, and
      version_number      from 1 within the key
      valid_from          timestamp, always earlier than the next version's
      latest_file_id      newest file that delivered the key, or can have changed
                          whether it is missing
      delivered_file_id   with `absences`: newest file that delivered the key
      is_absent           likewise: whether a full picture lacks the record
      last_changed_at     newest business time within the version
      row_status          current, superseded, unchanged or error -#}
{% macro version_rows(
    relation, key, columns, state, files='files', types={}, absences=none,
    gapped=none, backward=[]
) -%}
{%- set lineage = ['_row_id', '_file_id', '_record', '_line', '_loaded_at'] -%}
{%- set order_of_time = ['_effective_at', '_credible_at', '_next_effective_at'] -%}
{%- set compared = lineage + ['_changed_at', '_received_at', '_place']
    + (['_is_absent', 'touched_id'] if absences else []) -%}
{%- set listed = (columns | list + lineage) | join(',\n        ') -%}
{%- set carried = absences or columns.values() | select | list | length > 0 -%}
{%- set several = several_rows(relation, key) -%}
{%- set with_gaps = keys_with_gaps(relation, key, files) -%}
{%- set condition -%}
not is_error
                    and {{ key }} in (
                        {{ several }}
                    )
{%- endset -%}
{%- set latest -%}
{{ cleaning.greatest_of(['_file_id', 'coalesce(touched_id, 0)']) if absences
    else '_file_id' }}
{%- endset -%}
select
        {{ listed }},
        1 as version_number,
        coalesce({{ credible_at() }}, {{ received_at() }}) as valid_from,
        {{ latest }} as latest_file_id,
        {%- if absences %}
        _file_id as delivered_file_id,
        false as is_absent,
        {%- endif %}
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
        {%- if absences %}
        _file_id as delivered_file_id,
        false as is_absent,
        {%- endif %}
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
            when _began_at > {{ microseconds('_dated_at') }}
                then {{ timestamp_text('_began_at') }}
            else _dated_at
        end as valid_from,
        max({{ latest }}) over whole_key as latest_file_id,
        {%- if absences %}
        max(case when _is_absent = 0 then _file_id end) over whole_key
            as delivered_file_id,
        _is_absent = 1 as is_absent,
        {%- endif %}
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
                        then {{ microseconds('_dated_at') }} - _place
                end
            ) over in_order as _began_at
        from (
            select
                {{ columns | list | join(',\n                ') }},
                {{ compared | join(',\n                ') }},
                {{ began_at(key, absences is not none) }} as _dated_at,
                _is_change
            from (
                {{ placed_rows(
                    relation, key, files,
                    condition ~ (
                        ' and ' ~ key ~ ' not in (select known.' ~ key ~ ' from '
                        ~ gapped ~ ' as known)' if gapped
                        else ' and ' ~ key ~ ' not in (' ~ with_gaps ~ ')'
                        if carried else ''
                    ), state
                ) }}
            ) as placed
            {%- if carried %}

            union all

            select
                {{ columns | list | join(',\n                ') }},
                {{ compared | join(',\n                ') }},
                {{ began_at(key, absences is not none) }} as _dated_at,
                _state is distinct from lag(_state) over (
                    partition by {{ key }} order by _place
                ) as _is_change
            from (
                select
                    *,
                    {{ json_array_text(
                        state + (['_is_absent'] if absences else [])
                    ) }} as _state
                from (
                    {{ carried_forward(
                        gapped or '(' ~ placed_rows(
                            relation, key, files,
                            condition ~ ' and ' ~ key
                            ~ ' in (' ~ with_gaps ~ ')'
                        ) ~ ')', key, columns, types,
                        compared + order_of_time,
                        absences is not none, backward
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


{#- The keys that have several rows without error, a whole select. -#}
{% macro several_rows(relation, key) -%}
select several.{{ key }} from {{ relation }} as several
                        where not several.is_error
                        group by several.{{ key }}
                        having count(*) > 1
{%- endmacro %}


{#- The keys of which a file lacks a column that others have, a whole select. -#}
{% macro keys_with_gaps(relation, key, files) -%}
select gap.{{ key }} from {{ relation }} as gap
                        where not gap.is_error and gap._file_id in (
                            select lacking.file_id from {{ files }} as lacking
                            where lacking.has_gaps = 1
                        )
{%- endmacro %}


{#- The rows of keys whose values have to be carried forward, with their place: of a
    file that lacks a column, or of records that a full picture lacks. A whole select,
    for a CTE of its own: nested once more, SQLite would not parse it. -#}
{% macro gapped_rows(relation, key, absences, table_name, files='files') -%}
{%- set condition -%}
not is_error
                    and {{ key }} in (
                        {{ several_rows(relation, key) }}
                    )
                    and {{ key }} in (
                        {{ keys_with_gaps(relation, key, files) }}
                        union
                        select absent.record_id from {{ absences }} as absent
                        where
                            absent.table_name = '{{ table_name }}'
                            and absent.record_id is not null
                    )
{%- endset -%}
{{ placed_rows(relation, key, files, condition, absent=true) }}
{%- endmacro %}


{#- Rows with their place in the order of their key; with a state to compare,
    whether it is another than that of the row before. A row without an effective
    time comes before those that have one, and no later than they. -#}
{% macro placed_rows(relation, key, files, condition, state=[], absent=false) -%}
select
                *,
                {%- if state %}
                _state is distinct from lag(_state) over in_order as _is_change,
                {%- endif %}
                row_number() over in_order as _place,
                lead(_effective_at) over in_order as _next_effective_at
            from (
                {{ ordered_rows(relation, key, files, condition, state, absent) }}
            ) as ordered
            window in_order as (
                partition by {{ key }}
                order by
                    {{ '_epoch, ' if absent }}coalesce(_effective_at, ''),
                    _received_at, {{ 'unit_id, ' if absent }}_file_id, _record
            )
{%- endmacro %}


{#- When a state began, as far as its own row shows: at its own time; without one
    when it was received, but no later than the next known time, and no earlier than
    the one before. What orders a row is no date of it. -#}
{% macro began_at(key, absent=false) -%}
case
                    when
                        _credible_at is not null
                        {%- if absent %} or _is_absent = 1{% endif %}
                        then _effective_at
                    else {{ cleaning.greatest_of([
                        "coalesce(_effective_at, '')",
                        cleaning.least_of(['_received_at',
                            "coalesce(max(case when _next_effective_at > "
                            ~ "coalesce(_effective_at, '') "
                            ~ 'then _next_effective_at end) over (partition by '
                            ~ key ~ ', _effective_at), _received_at)']),
                    ]) }}
                end
{%- endmacro %}
