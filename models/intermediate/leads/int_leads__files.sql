-- The daily files: the day each stands for, when the source wrote it, whether
-- another for the same day has replaced it, and whether its `set` is at fault.
-- Grain: one row per file landed.
{{ config(indexes=[
    {'columns': ['file_id'], 'unique': true},
    {'columns': ['snapshot_date']},
]) }}

with

files as (

    select
        file_id,
        snapshot_date,
        max(file_id) over (partition by snapshot_date) as newest_file_id
    from (
        select
            file_id,
            source_name,
            table_name,
            status,
            -- without a day in its name a list is of the day it came
            substr(coalesce(delivered_at, loaded_at), 1, 10) as snapshot_date
        from {{ ref('stg_ingest__files') }}
    ) as days
    where
        source_name = 'leads'
        and table_name = 'snapshots'
        and status = 'landed'

),

extractions as (

    select * from {{ ref('int_leads__file_profiles') }}
    where column_name = 'entry_date'

),

set_faults as (

    select
        _file_id,
        max(latest_file_id) as latest_file_id
    from {{ ref('int_leads__file_faults') }}
    where
        column_name = 'is_set'
        and rule in ('column_constant', 'column_went_empty')
    group by _file_id

),

final as (

    select
        files.file_id,
        files.snapshot_date,
        extractions.largest_value as extraction_date,
        files.newest_file_id > files.file_id as is_replaced,
        set_faults._file_id is not null as is_set_at_fault,
        {{ cleaning.greatest_of([
            'files.newest_file_id', 'coalesce(set_faults.latest_file_id, 0)',
        ]) }} as latest_file_id
    from files
    left join extractions on files.file_id = extractions._file_id
    left join set_faults on files.file_id = set_faults._file_id

)

select * from final
