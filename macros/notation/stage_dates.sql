{#- The columns of a delivered deal that say when it entered a stage, as a JSON object of
    header and value, NULL without one: a column for each stage (HubSpot), or that of
    the last change. They have no declared name, because each portal has its own
    stages. -#}
{% macro stage_dates(extra) -%}
case
            when lower({{ extra }}) like '%date%entered%'
                or lower({{ extra }}) like '%stage%change%'
                then {{ stage_dates__found(extra) }}
        end
{%- endmacro %}


{% macro stage_dates__found(extra) -%}
  {{ return(adapter.dispatch('stage_dates__found', 'revenue_warehouse')(extra)) }}
{%- endmacro %}


{% macro sqlite__stage_dates__found(extra) -%}
(
                    select nullif(json_group_object(_m.key, _m.value), '{}')
                    from json_each({{ extra }}) as _m
                    where _m.value <> '' and {{ stage_dates__is('_m.key') }}
                )
{%- endmacro %}


{% macro default__stage_dates__found(extra) -%}
(
                    select nullif(cast(
                        json_group_object(_m.key, _m.value) as text
                    ), '{}')
                    from unnest(map_entries(
                        cast(cast({{ extra }} as json) as map(varchar, varchar))
                    )) as _members (_m)
                    where _m.value <> '' and {{ stage_dates__is('_m.key') }}
                )
{%- endmacro %}


{% macro stage_dates__is(header) -%}
(
                        lower({{ header }}) like 'date entered %'
                        or {{ header }} like 'hs_date_entered_%'
                        or {{ header }} like 'hs_v2_date_entered_%'
                        or {{ stage_dates__is_last(header) }}
                    )
{%- endmacro %}


{#- The column of the last change, which is of the stage that the record is in. -#}
{% macro stage_dates__is_last(header) -%}
replace(lower({{ header }}), ' ', '') in (
                        'deal-laststagechange', 'laststagechange',
                        'laststagechangedate', 'hs_v2_date_entered_current_stage'
                    )
{%- endmacro %}


{#- As the others write it: without blanks. -#}
{% macro postgres__stage_dates__found(extra) -%}
(
                    select
                        '{' || string_agg(
                            cast(to_json(_m.key) as text) || ':'
                            || cast(to_json(_m.value) as text), ','
                        ) || '}'
                    from json_each_text(cast({{ extra }} as json)) as _m
                    where _m.value <> '' and {{ stage_dates__is('_m.key') }}
                )
{%- endmacro %}


{% macro spark__stage_dates__found(extra) -%}
nullif(to_json(map_from_entries(list_filter(
                    map_entries(from_json({{ extra }}, 'map<string,string>')),
                    lambda _m: _m.value <> '' and {{ stage_dates__is('_m.key') }}
                ))), '{}')
{%- endmacro %}
