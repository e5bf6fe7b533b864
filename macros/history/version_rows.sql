{#- Orders the delivered states of each key and numbers its versions (slowly
    changing dimension, type 2), computed from append-only rows.

    Order: business time, then delivery, then record. A row without a credible
    business time is as new as the newest one delivered before it; one that lies
    in the future of its own load is not credible. A state equal to the one
    before it is no version; a change back to an old state is one.

    `relation` needs the lineage columns, the business time `_changed_at` and
    `is_error`; rows in error stay in the result and have no version. Most keys
    have one row only, and need none of the sorting. Adds to its columns, after
    some of its own for the computation,
      version_number      from 1 within the key
      valid_from          timestamp, never later than the next version's
      latest_file_id      newest file that delivered the key
      last_changed_at     newest business time within the version
      row_status          current, superseded, unchanged or error -#}
{% macro version_rows(relation, key, state) -%}
{%- set delivery = "coalesce(_delivered_at, ''), _file_id, _record" -%}
{%- set credible -%}
case when _changed_at <= {{ next_day('_loaded_at') }} then _changed_at end
{%- endset -%}
select
        alone.*,
        null as _received_at,
        null as _state,
        null as _effective_at,
        null as _is_change,
        null as _place,
        null as _first_effective_at,
        1 as version_number,
        coalesce({{ credible }}, _delivered_at, _loaded_at) as valid_from,
        _file_id as latest_file_id,
        _changed_at as last_changed_at,
        'current' as row_status
    from {{ relation }} as alone
    where
        not is_error
        and {{ key }} not in (
            select several.{{ key }} from {{ relation }} as several
            where not several.is_error
            group by several.{{ key }}
            having count(*) > 1
        )

    union all

    select
        in_error.*,
        null as _received_at,
        null as _state,
        null as _effective_at,
        null as _is_change,
        null as _place,
        null as _first_effective_at,
        null as version_number,
        null as valid_from,
        _file_id as latest_file_id,
        null as last_changed_at,
        'error' as row_status
    from {{ relation }} as in_error
    where is_error

    union all

    {#- All columns go through the sorting: joined to their rows again, SQLite
        would scan the one for each row of the other. #}
    select
        numbered.*,
        coalesce(
            _effective_at,
            case
                when _first_effective_at < _received_at
                    then _first_effective_at
                else _received_at
            end
        ) as valid_from,
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
        select
            compared.*,
            min(_effective_at) over (
                partition by {{ key }}
            ) as _first_effective_at,
            sum(case when _is_change then 1 else 0 end) over (
                partition by {{ key }}
                order by _place rows unbounded preceding
            ) as version_number
        from (
            select
                timed.*,
                _state is distinct from lag(_state) over in_order
                    as _is_change,
                row_number() over in_order as _place
            from (
                select
                    {{ relation }}.*,
                    coalesce(_delivered_at, _loaded_at) as _received_at,
                    {{ json_array_text(state) }} as _state,
                    coalesce(
                        {{ credible }},
                        max({{ credible }}) over (
                            partition by {{ key }}
                            order by {{ delivery }}
                            rows unbounded preceding
                        )
                    ) as _effective_at
                from {{ relation }}
                where
                    not is_error
                    and {{ key }} in (
                        select several.{{ key }}
                        from {{ relation }} as several
                        where not several.is_error
                        group by several.{{ key }}
                        having count(*) > 1
                    )
            ) as timed
            window in_order as (
                partition by {{ key }}
                order by coalesce(_effective_at, ''), {{ delivery }}
            )
        ) as compared
    ) as numbered
    window whole_key as (partition by {{ key }})
{%- endmacro %}
