{#- The columns that are watched, and the expression that is. -#}
{%- set columns = {
    'entry_date': "case when entry_date <= " ~ next_day('_loaded_at')
        ~ " then entry_date end",
    'email_hash': 'email_hash',
    'phone_hash': 'phone_hash',
    'city': 'city',
    'state': 'source_state',
    'zip': 'zip',
    'appointment': 'appointment_at',
    'is_set': 'case when is_set then 1 when not is_set then 0 end',
    'is_demo': 'case when is_demo then 1 when not is_demo then 0 end',
    'disposition': 'source_disposition',
    'job_status': 'job_status',
} %}
-- What the columns of each daily file hold, so that faults of whole files can
-- be found without reading them again.
-- Grain: one row per file and column.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['_file_id', 'column_name'], 'unique': true}],
) }}

with

files as (

    select
        _file_id,
        min(_delivered_at) as delivered_at,
        {% for column, expression in columns.items() -%}
        count({{ expression }}) as {{ column }}_count,
        cast(min({{ expression }}) as text) as {{ column }}_min,
        cast(max({{ expression }}) as text) as {{ column }}_max,
        {% endfor -%}
        count(*) as row_count
    from {{ ref('stg_leads__snapshots') }}
    where _file_id > {{ watermark() }}
    group by _file_id

),

final as (

    {% for column in columns -%}
    {{ 'union all' if not loop.first }}
    select
        _file_id,
        '{{ column }}' as column_name,
        delivered_at,
        row_count,
        {{ column }}_count as value_count,
        {{ column }}_min as smallest_value,
        {{ column }}_max as largest_value
    from files
    {% endfor %}

)

select * from final
