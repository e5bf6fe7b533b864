{#- The landed files of a table, as its history needs them, a whole select:
      file_id
      arrived_at       when the file was loaded, or the file before it if the
                       clock was set back in between: arrivals never go back
      lacks_<column>   1 where the file does not have a declared column, or none of
                       several: `a/b` is lacks_a_or_b
      has_gaps         1 where it lacks one that others of its table have
      gaps             all declared columns that it does not have, as JSON
    Of `beside` there are columns like these, which are no gaps. -#}
{% macro delivered_files(source_name, table_name, columns=[], beside=[]) -%}
{%- set columns = columns | select | unique | list -%}
select
        file_id,
        arrived_at,
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
                    {%- for part in column.split('/') %}
                    {{ 'and ' if not loop.first -}}
                    {{ cleaning.position_of(
                        'missing_columns', "'\"" ~ part ~ "\"'"
                    ) }} > 0
                    {%- endfor %}
                    then 1
                else 0
            end as {{ lacks_column(column) }}
            {%- endfor %}
        from {{ ref('stg_ingest__files') }}
    ) as arrivals
    where
        status = 'landed'
        and source_name = '{{ source_name }}'
        and table_name = '{{ table_name }}'
{%- endmacro %}
