{#- Orders the delivered states of each key and numbers its versions (slowly
    changing dimension, type 2), computed from append-only rows.

    Order: business time, then delivery, then record. A row without a credible
    business time is as new as the newest one delivered before it; one that lies
    in the future of its own load is not credible. A state equal to the one
    before it is no version; a change back to an old state is one.

    `relation` needs the lineage columns and `is_error`; rows in error keep
    their place in the result and have no version. Adds to its columns
      version_number      from 1 within the key
      valid_from          timestamp, never later than the next version's
      latest_file_id      newest file that delivered the key
      last_business_time  newest business time within the version
      row_status          current, superseded, unchanged or error -#}
{% macro version_rows(relation, key, state, business_time=none) -%}
{%- set delivery = "coalesce(_delivered_at, ''), _file_id, _record" -%}
{%- set in_order = "partition by " ~ key
    ~ " order by coalesce(_effective_at, ''), " ~ delivery -%}
select
        numbered.*,
        case
            when is_error then 'error'
            when not _is_change then 'unchanged'
            when version_number = max(version_number) over (
                partition by {{ key }}, is_error
            ) then 'current'
            else 'superseded'
        end as row_status,
        {% if business_time -%}
        max({{ business_time }}) over (
            partition by {{ key }}, is_error, version_number
        )
        {%- else -%}
        null
        {%- endif %} as last_business_time
    from (
        select
            compared.*,
            case when not is_error then sum(
                case when _is_change and not is_error then 1 else 0 end
            ) over (
                {{ in_order }} rows unbounded preceding
            ) end as version_number,
            case when not is_error then min(
                case when not is_error
                    then coalesce(_effective_at, _delivered_at, _loaded_at)
                end
            ) over (
                {{ in_order }}
                rows between current row and unbounded following
            ) end as valid_from,
            max(_file_id) over (partition by {{ key }}) as latest_file_id
        from (
            select
                timed.*,
                _state is distinct from lag(_state) over (
                    partition by {{ key }}, is_error
                    order by coalesce(_effective_at, ''), {{ delivery }}
                ) as _is_change
            from (
                select
                    given.*,
                    {{ json_array_text(state) }} as _state,
                    {% if business_time -%}
                    {%- set credible = 'case when '
                        ~ business_time ~ ' <= ' ~ next_day('_loaded_at')
                        ~ ' then ' ~ business_time ~ ' end' -%}
                    coalesce(
                        {{ credible }},
                        max({{ credible }}) over (
                            partition by {{ key }}, is_error
                            order by {{ delivery }} rows unbounded preceding
                        )
                    )
                    {%- else -%}
                    null
                    {%- endif %} as _effective_at
                from {{ relation }} as given
            ) as timed
        ) as compared
    ) as numbered
{%- endmacro %}
