-- Who is named as the owner of a record, by identifier or by name, with the
-- spelling that came first.
-- Grain: one row per reference.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='source_owner',
    merge_exclude_columns=['owner', '_row_id', '_file_id'],
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
        _row_id,
        _file_id
    from {{ ref('stg_crm__' ~ table) }}
    where source_owner is not null and _file_id > {{ watermark() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by source_owner order by _file_id, _row_id
        ) as place
    from named

),

final as (

    select
        source_owner,
        owner,
        _row_id,
        _file_id
    from ranked
    where place = 1

)

select * from final
