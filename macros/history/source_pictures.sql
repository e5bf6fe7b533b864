{#- Deliveries of a source that are full pictures of its tables; a whole model, its
    configuration with it. A model of its own, for what is made of it reads it many
    times. Gives of each file that is one or a part of one
      picture_group   the files of which each shows all: of an instance and a shape,
                      or of one period of these
      unit_key        what its delivery has in common
      unit_id         the newest file of its delivery, by which deliveries are ordered
      unit_number     place of its delivery among those of its scope, from 1
      is_landed       whether it is there; else it was refused
      nameless_count  its records without an identifier
      is_part         whether it is part of a picture, not replaced by a later file of
                      its name and delivery
    `tables` as for source_absences. -#}
{% macro source_pictures(source_name, tables=none) -%}
{{ config(materialized='table') }}
{%- set staged = tables or absence_tables(source_name) -%}
with

arrivals as (

    select
        *,
        max(loaded_at) over (order by file_id rows unbounded preceding)
            as arrived_at
    from {{ ref('stg_ingest__files') }}

),

confirmed as (

    select distinct arrivals.file_id
    from {{ ref('confirmed_deletions') }} as confirmations
    inner join arrivals
        on
            length(trim(confirmations.content_hash)) >= 8
            and substr(
                arrivals.content_hash, 1, length(trim(confirmations.content_hash))
            ) = lower(trim(confirmations.content_hash))

),

named as (

    select
        arrivals.*,
        arrivals.table_name || '|' || coalesce(
            arrivals.instance_name, arrivals.source_name
        ) || '|' || coalesce(arrivals.id_scope, '') || '|' || coalesce(
            arrivals.shape_name, ''
        ) as scope,
        case
            when lower(arrivals.file_name) like '%.gz'
                then substr(arrivals.file_name, 1, length(arrivals.file_name) - 3)
            else arrivals.file_name
        end as bare_name,
        case when arrivals.delivered_at < '9999' then arrivals.delivered_at end
            as dated_at,
        {{ delivery_meaning(source_name, staged | list) }} as kind,
        confirmed.file_id is not null as is_confirmed
    from arrivals
    left join confirmed on arrivals.file_id = confirmed.file_id
    where
        arrivals.source_name = '{{ source_name }}'
        and arrivals.table_name in ('{{ staged | join("', '") }}')

),

members as (

    select
        *,
        case
            when kind = 'period' then scope || '|' || bare_name
            else scope || '|'
        end as picture_group,
        coalesce(
            dated_at,
            'run ' || batch_id || case
                when kind = 'full' then ' ' || coalesce(name_dates, '') else ''
            end
        ) as unit_key,
        status = 'landed' as is_landed
    from named
    where kind in ('full', 'period')

),

parts as (

    select
        *,
        file_id = max(case when is_landed then file_id end) over (
            partition by scope, unit_key, bare_name
        ) as is_part,
        max(case when is_landed then 1 else 0 end) over (
            partition by scope, unit_key, bare_name
        ) as is_there,
        max(case when is_landed then file_id end) over (
            partition by scope, unit_key
        ) as whole_id
    from members

),

units as (

    select
        *,
        case when is_part then whole_id else file_id end as unit_id,
        coalesce(dated_at, max(arrived_at) over (partition by scope, unit_key))
            as received_at,
        max(arrived_at) over (partition by scope, unit_key) as unit_arrived_at
    from parts
    where is_landed or (is_there = 0 and repaired_by_file_id is null)

),

numbered as (

    select
        *,
        dense_rank() over (
            partition by scope, is_landed order by received_at, unit_id
        ) as unit_number
    from units

),

-- rows of which nobody knows which record they are
nameless as (

    {% for table, (relation, key) in staged.items() -%}
    {{ 'union all' if not loop.first }}
    select
        _file_id as file_id,
        count(*) as row_count
    from {{ relation }}
    where
        {{ key }} is null
        and _file_id in (
            select numbered.file_id from numbered
            where numbered.is_landed and numbered.table_name = '{{ table }}'
        )
    group by _file_id
    {% endfor %}
),

final as (

    select
        numbered.table_name,
        numbered.file_id,
        numbered.file_name,
        numbered.scope,
        numbered.picture_group,
        numbered.kind,
        numbered.unit_key,
        numbered.unit_id,
        numbered.unit_number,
        numbered.received_at,
        numbered.unit_arrived_at,
        numbered.loaded_at,
        numbered.cut_reason,
        numbered.rejected_count,
        numbered.is_confirmed,
        numbered.is_landed,
        numbered.is_part,
        coalesce(nameless.row_count, 0) as nameless_count
    from numbered
    left join nameless on numbered.file_id = nameless.file_id

)

select * from final
{%- endmacro %}


{#- The judged tables of a source, each with its staging model and its key there. -#}
{% macro absence_tables(source_name) -%}
  {%- set found = {} -%}
  {%- for table, judged in judged_tables(source_name).items() -%}
    {%- do found.update({
        table: [ref('stg_' ~ source_name ~ '__' ~ table), judged.id]
    }) -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
