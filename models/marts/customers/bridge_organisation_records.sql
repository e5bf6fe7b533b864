-- Which organisation each record of a source is of, and what links it to the
-- others.
-- Grain: one row per record of a source.
{{ config(materialized='view') }}

with

files as (

    select * from {{ ref('stg_ingest__files') }}

),

final as (

    select
        linked.record_id,
        linked.organisation_id,
        linked.record_kind,
        coalesce(files.id_scope, files.source_name) as source_name,
        files.system_name,
        files.table_name,
        linked.source_record_id,
        linked.linked_record_id,
        linked.evidence,
        linked.probability,
        linked.record_id = linked.organisation_id as is_primary,
        linked._row_id,
        linked._file_id
    from {{ ref('int_organisations__linked') }} as linked
    inner join files on linked._file_id = files.file_id
    where linked.organisation_id is not null

)

select * from final
