-- How files differ in their columns from the one before, of their table, folder
-- and kind of export: a column appeared, vanished, came under another header,
-- is fuller or emptier, or holds other values.
-- Grain: one row per file, change and column.
{{ config(materialized='view') }}
{#- A change in fullness worth a row, and the records that make it one. -#}
{%- set fill_change = 0.1 %}
{%- set least_records = 20 %}
{#- A value is missed if it stood in this share of the records before. -#}
{%- set common_share = 0.05 %}
{%- set one = cleaning.as_double('1.0') %}

with

-- ordered as histories are: by delivery time, else by arrival, which never
-- goes back, whatever a clock was set to
received as (

    select
        *,
        coalesce(instance_name, source_name)
        || coalesce(':' || system_name || '.' || shape_name, '') as kind,
        coalesce(
            delivered_at,
            max(loaded_at) over (order by file_id rows unbounded preceding)
        ) as received_at
    from {{ ref('fct_ingest_files') }}

),

files as (

    select
        file_id,
        source_name,
        table_name,
        file_name,
        delivered_at,
        loaded_at,
        received_at,
        kind,
        extra_columns,
        missing_columns,
        renamed_columns,
        lag(file_id) over (
            partition by source_name, table_name, kind
            order by received_at, file_id
        ) as previous_file_id
    from received
    where status = 'landed' and record_count > 0

),

profiles as (

    select * from {{ ref('int_operations__column_profiles') }}

),

column_values as (

    select
        held.*,
        first_value(held._file_id) over (
            partition by
                files.source_name,
                files.table_name,
                files.kind,
                held.column_name,
                held.column_value
            order by files.received_at, files.file_id
        ) as first_file_id
    from {{ ref('int_operations__column_values') }} as held
    inner join files on held._file_id = files.file_id

),

listed as (

    {% for state in ['extra', 'missing'] -%}
    {{ 'union all' if not loop.first }}
    select
        files.file_id,
        '{{ state }}' as state,
        name.value as column_name,
        null as header
    from files
    {{ json_elements('files.' ~ state ~ '_columns', 'name') }}
    where files.{{ state }}_columns is not null
    {% endfor %}
    union all
    select
        files.file_id,
        'renamed' as state,
        renamed.key as column_name,
        renamed.value as header
    from files
    {{ json_members('files.renamed_columns', 'renamed') }}
    where files.renamed_columns is not null

),

came as (

    select
        files.file_id,
        files.previous_file_id,
        listed.state,
        listed.column_name,
        listed.header
    from files
    inner join listed on files.file_id = listed.file_id
    left join listed as earlier
        on
            files.previous_file_id = earlier.file_id
            and listed.state = earlier.state
            and listed.column_name = earlier.column_name
            and coalesce(listed.header, '') = coalesce(earlier.header, '')
    where earlier.file_id is null

),

went as (

    select
        files.file_id,
        listed.state,
        listed.column_name,
        listed.header
    from files
    inner join listed on files.previous_file_id = listed.file_id
    left join listed as later
        on
            files.file_id = later.file_id
            and listed.state = later.state
            and listed.column_name = later.column_name
    where later.file_id is null

),

filled as (

    select
        files.file_id,
        profiles.column_name,
        {{ one }} * profiles.value_count / profiles.row_count as fill_rate,
        {{ one }} * earlier.value_count / earlier.row_count
            as previous_fill_rate
    from files
    inner join profiles on files.file_id = profiles._file_id
    inner join profiles as earlier
        on
            files.previous_file_id = earlier._file_id
            and profiles.column_name = earlier.column_name
    where
        profiles.row_count >= {{ least_records }}
        and earlier.row_count >= {{ least_records }}

),

-- columns with few values in this file and the one before
coded as (

    select distinct
        files.file_id,
        files.previous_file_id,
        later.column_name
    from files
    inner join column_values as later on files.file_id = later._file_id
    inner join column_values as earlier
        on
            files.previous_file_id = earlier._file_id
            and later.column_name = earlier.column_name
    where
        later.sampled_count >= {{ least_records }}
        and earlier.sampled_count >= {{ least_records }}

),

changes as (

    select
        file_id,
        'appeared' as change,
        column_name,
        case state when 'extra' then 'not declared, kept in _extra' end
            as found
    from came
    where state = 'extra' and previous_file_id is not null

    union all

    select
        file_id,
        'appeared' as change,
        column_name,
        null as found
    from went
    where state = 'missing'

    union all

    select
        file_id,
        'vanished' as change,
        column_name,
        null as found
    from came
    where state = 'missing' and previous_file_id is not null

    union all

    select
        file_id,
        'vanished' as change,
        column_name,
        'was not declared' as found
    from went
    where state = 'extra'

    union all

    select
        file_id,
        'renamed' as change,
        column_name,
        'now ' || header as found
    from came
    where state = 'renamed'

    union all

    select
        file_id,
        'renamed' as change,
        column_name,
        'no longer ' || header as found
    from went
    where state = 'renamed'

    union all

    select
        file_id,
        'fill_rate' as change,
        column_name,
        cast({{ cleaning.nearest('100 * fill_rate') }} as integer)
        || ' % filled, '
        || cast(
            {{ cleaning.nearest('100 * previous_fill_rate') }} as integer
        )
        || ' % before' as found
    from filled
    where
        abs(fill_rate - previous_fill_rate) > {{ fill_change }}
        -- a column that is not there at all has vanished
        and file_id || ':' || column_name not in (
            select came.file_id || ':' || came.column_name as place
            from came
            where came.state = 'missing'
            union
            select went.file_id || ':' || went.column_name as place
            from went
            where went.state = 'missing'
        )

    union all

    select
        coded.file_id,
        'new_value' as change,
        coded.column_name,
        later.column_value as found
    from coded
    inner join column_values as later
        on
            coded.file_id = later._file_id
            and coded.column_name = later.column_name
    where later.first_file_id = later._file_id

    union all

    select
        coded.file_id,
        'missing_value' as change,
        coded.column_name,
        earlier.column_value as found
    from coded
    inner join column_values as earlier
        on
            coded.previous_file_id = earlier._file_id
            and coded.column_name = earlier.column_name
    left join column_values as later
        on
            coded.file_id = later._file_id
            and coded.column_name = later.column_name
            and earlier.column_value = later.column_value
    where
        later._file_id is null
        and earlier.record_count >= {{ common_share }} * earlier.sampled_count

),

final as (

    select
        changes.file_id || ':' || changes.change || ':' || changes.column_name
        || ':' || coalesce(changes.found, '') as drift_id,
        files.source_name,
        files.table_name,
        changes.file_id,
        files.file_name,
        files.previous_file_id,
        files.delivered_at,
        files.loaded_at,
        changes.change,
        changes.column_name,
        changes.found
    from changes
    inner join files on changes.file_id = files.file_id

)

select * from final
