{#- Rows with the time that orders them, a whole select; adds to the columns
      _received_at     delivery time, else the file's arrival: of two files
                       without a time the later one is never earlier
      _effective_at    business time; of a row without a credible one the newest
                       of the rows received before it; NULL if there is none
    A business time later than the day after its arrival, or before 1900 (the
    zero of some clock), is not credible; a delivery time in the year 9999 means
    never. `files` names a
    relation as of delivered_files, whose columns follow; `state` lists what is to
    be compared, as `_state`. -#}
{% macro ordered_rows(relation, key, files, condition, state=[]) -%}
select
        timed.*,
        coalesce(
            _credible_at,
            max(_credible_at) over (
                partition by {{ key }}
                order by _received_at, _file_id, _record
                rows unbounded preceding
            )
        ) as _effective_at
    from (
        select
            {{ relation }}.*,
            {{ files }}.*,
            {% if state -%}
            {{ json_array_text(state) }} as _state,
            {% endif -%}
            {{ received_at() }} as _received_at,
            {{ credible_at() }} as _credible_at
        from {{ relation }}
        left join {{ files }} on {{ relation }}._file_id = {{ files }}.file_id
        where {{ condition }}
    ) as timed
{%- endmacro %}


{#- A row without its file in the ledger, as in a unit test, has its own time. -#}
{% macro received_at() -%}
coalesce(
                case when _delivered_at < '9999' then _delivered_at end,
                arrived_at,
                _loaded_at
            )
{%- endmacro %}


{% macro credible_at() -%}
case
                when
                    _changed_at >= '1900'
                    and _changed_at
                    <= {{ next_day('coalesce(arrived_at, _loaded_at)') }}
                    then _changed_at
            end
{%- endmacro %}
