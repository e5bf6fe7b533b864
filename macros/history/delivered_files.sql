{#- The landed files of a table, as its history needs them, a whole select:
      file_id
      arrived_at       when the file was loaded, or the file before it if the
                       clock was set back in between: arrivals never go back
      lacks_<column>   1 where the file does not have a declared column, or none of
                       several: `a/b` is lacks_a_or_b. What is declared as a name
                       (`by_name`) counts only where records refer by names. Or one
                       of those that others of its shape have: `a&b` is lacks_a_with_b
      has_gaps         1 where it lacks one that others of its table have
      gaps             all declared columns that it does not have, as JSON
      unit_id          with `absences`: the newest file of its delivery, if that is a
                       full picture
      touched_id       likewise: the newest file that can have changed what it lacks
    Of `beside` there are columns like these, which are no gaps. `absences` is a model
    as of source_absences. -#}
{% macro delivered_files(
    source_name, table_name, columns=[], beside=[], absences=none
) -%}
{%- set columns = columns | select | unique | list -%}
{%- set names = [] -%}
{%- for column in (
    source_table(source_name, table_name).columns.values() if execute else []
) if column.config.get('meta', {}).get('by_name') -%}
  {%- do names.append(column.name) -%}
{%- endfor -%}
select
        arrivals.file_id,
        {%- if absences %}
        coalesce(pictures.arrived_at, arrivals.arrived_at) as arrived_at,
        coalesce(pictures.unit_id, arrivals.file_id) as unit_id,
        coalesce(pictures.latest_file_id, 0) as touched_id,
        {%- else %}
        arrivals.arrived_at,
        {%- endif %}
        {%- for column in columns + beside %}
        {{ lacks_column(column) }},
        {%- endfor %}
        {%- for column in columns %}
        {{ 'case when' if loop.first else 'or' }} (
            {{ lacks_column(column) }} = 1
            and min({{ lacks_column(column) }}) over () = 0
        )
        {{- ' then 1 else 0 end as' if loop.last }}
        {%- else %}
        0 as
        {%- endfor %} has_gaps,
        missing_columns as gaps
    from (
        select
            file_id,
            source_name,
            table_name,
            status,
            missing_columns,
            max(loaded_at) over (
                order by file_id rows unbounded preceding
            ) as arrived_at
            {%- for column in columns + beside %},
            case
                when
                    {%- for part in column.split('&')[0].split('/') %}
                    {{ 'and ' if not loop.first -}}
                    {%- set is_name = not loop.first and part in names %}
                    {{ '(' if is_name }}{{ lacks_column__is_named('missing_columns', part) }}
                    {%- if is_name %}
                    or coalesce({{ json_value('notation', 'links') }}, '') = 'ids')
                    {%- endif %}
                    {%- endfor %}
                    {%- for part in column.split('&')[1:] %}
                    {%- set is_missing = lacks_column__is_named('missing_columns', part) %}
                    or {{ is_missing }}
                    and min(
                        case when {{ is_missing }} or status <> 'landed' then 1 else 0 end
                    ) over (
                        partition by source_name, table_name, system_name, shape_name
                    ) = 0
                    {%- endfor %}
                    then 1
                else 0
            end as {{ lacks_column(column) }}
            {%- endfor %}
        from {{ ref('stg_ingest__files') }}
    ) as arrivals
    {%- if absences %}
    left join {{ absences }} as pictures
        on
            arrivals.file_id = pictures.file_id
            and pictures.table_name = '{{ table_name }}'
            and pictures.record_id is null
    {%- endif %}
    where
        arrivals.status = 'landed'
        and arrivals.source_name = '{{ source_name }}'
        and arrivals.table_name = '{{ table_name }}'
{%- endmacro %}
