-- What is wrong with whole files, and the records that could not be read.
-- Grain: one row per file or rejected record, rule and column.
{{ config(materialized='view') }}

with

files as (

    select * from {{ ref('stg_ingest__files') }}

),

rejects as (

    select * from {{ ref('stg_ingest__rejects') }}

),

-- the files of a kind in which an amount had values, and whether any came since
filled_amounts as (

    select
        files.source_name,
        files.instance_name,
        files.table_name,
        coalesce(files.shape_name, '') as shape,
        profiles.column_name,
        max(profiles._file_id) as last_file_id
    from {{ ref('int_operations__column_profiles') }} as profiles
    inner join files on profiles._file_id = files.file_id
    where
        profiles.value_count > 0
        and {{ is_declared_column(
            'files.source_name', 'files.table_name', 'profiles.column_name',
            data_type='money'
        ) }}
    group by
        files.source_name, files.instance_name, files.table_name,
        coalesce(files.shape_name, ''), profiles.column_name

),

-- with headers that are not known, one of which may be its new name
renamed_amounts as (

    select
        files.file_id,
        filled_amounts.column_name,
        'perhaps now: ' || replace(replace(replace(
            files.extra_columns, '","', ', '
        ), '["', ''), '"]', '') as candidates
    from filled_amounts
    inner join files
        on
            filled_amounts.source_name = files.source_name
            and filled_amounts.instance_name = files.instance_name
            and filled_amounts.table_name = files.table_name
            and filled_amounts.shape = coalesce(files.shape_name, '')
            and filled_amounts.last_file_id < files.file_id
    where files.status = 'landed' and files.extra_columns like '["%'

),

-- a column that was declared later can say it after all
currencies_said as (

    select _file_id from {{ ref('int_operations__column_profiles') }}
    where column_name = 'currency' and value_count > 0

),

file_findings as (

    select
        file_id,
        'file_refused' as rule,
        'file' as column_name,
        reason as source_value,
        null as line
    from files
    -- until another has landed in its place
    where status = 'refused' and repaired_by_file_id is null

    union all

    -- until it has landed whole
    select
        file_id,
        'file_cut' as rule,
        'file' as column_name,
        cut_reason as source_value,
        null as line
    from files
    where
        status = 'landed'
        and cut_reason is not null
        and repaired_by_file_id is null

    union all

    select
        file_id,
        'file_without_records' as rule,
        'file' as column_name,
        null as source_value,
        null as line
    from files
    where status = 'landed' and record_count = 0

    union all

    -- a source's own folder does not scope identifiers
    select
        max(file_id) as file_id,
        'systems_in_one_folder' as rule,
        'file' as column_name,
        min(system_name) || ' and ' || max(system_name) as source_value,
        null as line
    from files
    where status = 'landed' and id_scope is null and system_name is not null
    group by source_name, table_name
    having count(distinct system_name) > 1

    union all

    -- two folders are two accounts: what lies in both counts twice
    select
        file_id,
        'export_in_two_folders' as rule,
        'file' as column_name,
        first_instance_name as source_value,
        null as line
    from (
        select
            file_id,
            instance_name,
            first_value(instance_name) over (
                partition by source_name, table_name, content_hash
                order by file_id
            ) as first_instance_name
        from files
        where status = 'landed' and landed_count > 0
    ) as alike
    where instance_name <> first_instance_name

    {% for rule, column in [
        ('column_unexpected', 'extra_columns'),
        ('column_absent', 'missing_columns'),
    ] -%}
    -- of each column the newest file
    union all

    select
        max(files.file_id) as file_id,
        '{{ rule }}' as rule,
        name.value as column_name,
        null as source_value,
        null as line
    from files
    {{ json_elements('files.' ~ column, 'name') }}
    where
        files.{{ column }} is not null
        and files.status = 'landed'
        and not {{ is_declared_column(
            'files.source_name', 'files.table_name', 'name.value', meta='optional'
        ) }}
    group by
        files.source_name,
        files.instance_name,
        files.table_name,
        name.value

    {% endfor %}
    union all

    select
        files.file_id,
        'totals_differ' as rule,
        {{ json_value('differing.value', 'column') }} as column_name,
        {{ json_value('differing.value', 'value') }} || ', records '
        || {{ json_value('differing.value', 'sum') }} as source_value,
        coalesce(
            {{ json_value('apart.value', 'line') }},
            {{ json_value('apart.value', 'record') }}
        ) as line
    from files
    {{ json_elements('files.set_apart', 'apart') }}
    {{ json_elements(json_value('apart.value', 'differs'), 'differing') }}
    where
        files.status = 'landed'
        and files.repaired_by_file_id is null
        and files.set_apart like '%"differs"%'

    union all

    -- what was seen as the file was read, and no declaration has mended since
    select
        files.file_id,
        {{ json_value('fault.value', 'rule') }} as rule,
        {{ json_value('fault.value', 'column') }} as column_name,
        {{ json_value('fault.value', 'value') }} as source_value,
        {{ json_value('fault.value', 'line') }} as line
    from files
    {{ json_elements('files.faults', 'fault') }}
    where
        files.status = 'landed'
        and files.repaired_by_file_id is null
        and files.faults is not null
        and {{ json_value('fault.value', 'rule') }} in (
            'cell_error', 'formula_without_value', 'currency_unsaid'
        )
        and not (
            {{ json_value('fault.value', 'rule') }} = 'currency_unsaid'
            and (
                {{ currency_said('files') }}
                or files.file_id in (
                    select currencies_said._file_id from currencies_said
                )
            )
        )
),

named_findings as (

    select
        found.file_id,
        case
            when renamed.file_id is not null then 'amount_absent'
            else found.rule
        end as rule,
        found.column_name,
        coalesce(found.source_value, renamed.candidates) as source_value,
        found.line
    from file_findings as found
    left join renamed_amounts as renamed
        on
            found.rule = 'column_absent'
            and found.file_id = renamed.file_id
            and found.column_name = renamed.column_name

),

final as (

    select
        'file:' || file_id || ':' || rule || ':' || column_name
        || coalesce(':' || line, '') as finding_id,
        file_id,
        null as record,
        cast(line as integer) as line,
        null as record_id,
        rule,
        column_name,
        source_value,
        null as row_status,
        cast(null as bigint) as row_id
    from named_findings

    union all

    select
        'reject:' || reject_id as finding_id,
        file_id,
        record,
        first_line as line,
        null as record_id,
        'row_unreadable' as rule,
        null as column_name,
        reason as source_value,
        'rejected' as row_status,
        cast(null as bigint) as row_id
    from rejects
    where
        -- of a file that was cut, until it has landed whole
        file_id not in (
            select files.file_id from files
            where
                files.status = 'landed'
                and files.repaired_by_file_id is not null
        )

)

select * from final
