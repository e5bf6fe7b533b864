{#- Rows with the time that orders them, a whole select; adds to the columns
      _received_at     delivery time, else the file's arrival: of two files
                       without a time the later one is never earlier
      _effective_at    business time; of a row without a credible one the newest
                       of the rows received before it; NULL if there is none
    A business time later than the day after its arrival, or before 1900 (the
    zero of some clock), is not credible; a delivery time in the year 9999 means
    never. `files` names a
    relation as of delivered_files, whose columns follow; `state` lists what is to
    be compared, as `_state`. With `absent` rows have `_is_absent`, 1 where a full
    picture lacks the record: that ends an epoch (`_epoch`), and what was received
    later comes later, whatever its business time. -#}
{% macro ordered_rows(
    relation, key, files, condition, state=[], absent=false
) -%}
{%- if absent -%}
select
        epochs.*,
        case
            when _is_absent = 1 then {{ cleaning.greatest_of([
                '_received_at', "coalesce(_newest_at, '')"
            ]) }}
            when _epoch = 0 then _newest_at
            else {{ cleaning.greatest_of([
                "coalesce(_newest_at, '')",
                'min(_received_at) over (partition by ' ~ key ~ ', _epoch)'
            ]) }}
        end as _effective_at
    from (
        {{ timed_rows(relation, key, files, condition, state, true) }}
    ) as epochs
{%- else -%}
{{ timed_rows(relation, key, files, condition, state) }}
{%- endif -%}
{%- endmacro %}


{% macro timed_rows(relation, key, files, condition, state=[], absent=false) -%}
select
        timed.*,
        coalesce(
            _credible_at,
            max(_credible_at) over (
                partition by {{ key }}
                order by _received_at, {{ 'unit_id, ' if absent }}_file_id, _record
                rows unbounded preceding
            )
        ) as {{ '_newest_at' if absent else '_effective_at' }}
        {%- if absent %},
        coalesce(sum(_is_absent) over (
            partition by {{ key }}
            order by _received_at, unit_id, _file_id, _record
            rows between unbounded preceding and 1 preceding
        ), 0) as _epoch
        {%- endif %}
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
