-- Who is named as the owner of a record, by identifier or by name, with the
-- spelling that came first. An identifier has a name where a file gives both.
-- Grain: one row per reference and name, whatever its case.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='named_key',
    merge_exclude_columns=['source_owner', 'owner', '_row_id', '_file_id'],
    contract={'enforced': true},
    on_schema_change='fail',
) }}

with

named as (

    {% for table in [
        'companies', 'contacts', 'opportunities', 'activities', 'leads'
    ] -%}
    select
        source_owner,
        owner,
        is_owner_former,
        _file_id,
        min(_row_id) as _row_id
    from {{ ref('stg_crm__' ~ table) }}
    where source_owner is not null and _file_id > {{ watermark() }}
    group by source_owner, owner, is_owner_former, _file_id
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

keyed as (

    select
        *,
        {{ cleaning.lower_text('owner') }} as owner_key
    from named

),

-- whether the newest file marks the owner as former
ranked as (

    select
        *,
        row_number() over by_name as place,
        max(case when is_owner_former then _file_id else 0 end) over whole
            as former_file_id,
        max(_file_id) over whole as newest_file_id
    from keyed
    window
        by_name as (
            partition by source_owner, owner_key order by _file_id, _row_id
        ),
        whole as (partition by source_owner, owner_key)

),

final as (

    select
        {{ json_array_text(['source_owner', 'owner_key']) }} as named_key,
        source_owner,
        owner,
        former_file_id = newest_file_id as is_former,
        _row_id,
        _file_id
    from ranked
    where place = 1

)

select * from final
