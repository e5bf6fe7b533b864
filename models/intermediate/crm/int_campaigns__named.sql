-- Campaigns that deals and leads name, by identifier or by name, with the name
-- that came first.
-- Grain: one row per reference.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='source_campaign',
    merge_exclude_columns=['campaign', '_row_id', '_file_id'],
    contract={'enforced': true},
    on_schema_change='fail',
) }}

with

named as (

    {% for source, table, key in [
        ('crm', 'opportunities', 'source_campaign'),
        ('crm', 'leads', 'source_campaign'),
        ('marketing', 'form_leads', 'campaign_id'),
    ] -%}
    select
        {{ key }} as source_campaign,
        campaign,
        _row_id,
        _file_id
    from {{ ref('stg_' ~ source ~ '__' ~ table) }}
    where {{ key }} is not null and _file_id > {{ watermark() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by source_campaign order by _file_id, _row_id
        ) as place
    from named

),

final as (

    select
        source_campaign,
        campaign,
        _row_id,
        _file_id
    from ranked
    where place = 1

)

select * from final
