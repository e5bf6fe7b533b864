{#- Full pictures that delete nothing, the newest of their group: held back since they
    lack too much, or not whole; and files that seem to be such pictures. Findings of
    files, in the shape of placed_findings; `tables` as for source_absences. -#}
{% macro picture_findings(source_name, tables=none) -%}
select
        '{{ source_name }}:' || pictures.table_name || ':file:' || pictures.file_id
        || ':' || pictures.picture_status as finding_id,
        pictures.file_id,
        cast(null as bigint) as record,
        cast(null as bigint) as line,
        cast(null as text) as record_id,
        case
            when pictures.picture_status = 'held_back' then 'picture_held_back'
            else 'picture_incomplete'
        end as rule,
        'file' as column_name,
        case
            when pictures.picture_status = 'held_back'
                then
                    pictures.missing_count || ' of ' || pictures.known_count
                    || ' records are missing; to delete them, add '
                    || substr(files.content_hash, 1, 12)
                    || ' to confirmed_deletions.csv'
            else pictures.reason
        end as source_value,
        cast(null as text) as row_status,
        cast(null as bigint) as row_id
    from (
        select
            *,
            row_number() over (
                partition by picture_group
                order by unit_number desc, file_id desc
            ) as place
        from {{ ref('int_' ~ source_name ~ '__absences') }}
        where record_id is null and picture_status <> 'replaced'
    ) as pictures
    inner join {{ ref('stg_ingest__files') }} as files
        on pictures.file_id = files.file_id
    where
        pictures.place = 1
        and pictures.picture_status in ('held_back', 'incomplete')

    union all

    {{ likely_pictures(source_name, tables) }}
{%- endmacro %}
