-- What became of our deals by the files of the newest day, against what was
-- known before? A state that comes late and takes its place in the past changes
-- nothing that holds.
-- Grain: one row per opportunity of which those files brought a state.
{{ config(materialized='view') }}

with

files as (

    select * from {{ ref('stg_ingest__files') }}

),

newest as (

    select substr(max(loaded_at), 1, 10) as changed_day from files

),

came as (

    select
        files.file_id,
        newest.changed_day
    from files
    inner join newest on files.loaded_at >= newest.changed_day

),

touched as (

    select distinct opportunity_id
    from {{ ref('int_opportunities__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id >= (
            select min(came.file_id) as first_file_id from came
        )
        and _file_id in (select came.file_id from came)

),

known as (

    select
        versions.*,
        {{ deal_is_closed('versions', 'stages') }} as is_closed,
        {{ deal_is_won('versions', 'stages') }} as is_won,
        versions.is_gone
        or coalesce(versions.merged_into <> versions.opportunity_id, false)
            as was_gone,
        row_number() over (
            partition by versions.opportunity_id
            order by versions.version_number desc
        ) as place
    from touched
    inner join {{ ref('int_opportunities__versioned') }} as versions
        on touched.opportunity_id = versions.opportunity_id
    left join {{ ref('dim_deal_stages') }} as stages
        on versions.stage_id = stages.stage_id
    left join came on versions._file_id = came.file_id
    where
        versions.row_status in ('current', 'superseded')
        and came.file_id is null

),

earlier as (

    select * from known
    where place = 1

),

compared as (

    select
        touched.opportunity_id,
        deals.opportunity_id is not null as is_there,
        earlier.opportunity_id is not null as was_known,
        coalesce(earlier.was_gone, false) as was_gone,
        coalesce(deals.is_closed, false) as is_closed,
        coalesce(earlier.is_closed, false) as was_closed,
        coalesce(deals.is_won, false) as is_won,
        coalesce(earlier.is_won, false) as was_won,
        deals.is_won is null as is_unclear,
        coalesce(deals.opportunity_name, earlier.opportunity_name)
            as opportunity_name,
        coalesce(deals.pipeline_id, earlier.pipeline_id) as pipeline_id,
        deals.owner_id,
        deals.stage_id,
        earlier.stage_id as stage_id_before,
        deals.stage,
        earlier.stage as stage_before,
        deals.amount_minor,
        deals.currency_code,
        earlier.amount_minor as amount_minor_before,
        earlier.currency_code as currency_code_before
    from touched
    left join earlier on touched.opportunity_id = earlier.opportunity_id
    left join {{ ref('fct_opportunities') }} as deals
        on touched.opportunity_id = deals.opportunity_id

),

judged as (

    select
        *,
        case
            when not was_known and is_there then 'new'
            when not is_there and not was_gone and was_known then 'gone'
            when not is_there then null
            when was_gone then 'returned'
            when is_won and not was_won then 'won'
            when is_closed and not is_won and is_unclear and not was_closed
                then 'closed'
            when is_closed and not is_won and (was_won or not was_closed)
                then 'lost'
            when was_closed and not is_closed then 'reopened'
            when stage_id is distinct from stage_id_before then 'moved'
            when
                amount_minor is distinct from amount_minor_before
                or currency_code is distinct from currency_code_before
                then 'revalued'
            else 'edited'
        end as change_kind,
        case
            when not is_there then null
            when is_won then 'won'
            when is_closed and is_unclear then 'closed'
            when is_closed then 'lost'
            else 'open'
        end as phase
    from compared

),

final as (

    select
        judged.opportunity_id,
        judged.change_kind,
        judged.phase,
        newest.changed_day,
        judged.opportunity_name,
        judged.pipeline_id,
        judged.owner_id,
        judged.stage,
        judged.stage_before,
        case
            when judged.is_there then judged.currency_code
            else judged.currency_code_before
        end as currency_code,
        case
            when judged.is_there then judged.amount_minor
            else judged.amount_minor_before
        end as amount_minor,
        judged.currency_code_before,
        judged.amount_minor_before
    from judged
    cross join newest
    where judged.change_kind is not null

)

select
    opportunity_id,
    change_kind,
    phase,
    changed_day,
    opportunity_name,
    pipeline_id,
    owner_id,
    stage,
    stage_before,
    currency_code,
    amount_minor,
    {{ main_units('amount_minor', 'currency_code') }} as amount,
    currency_code_before,
    amount_minor_before,
    {{ main_units('amount_minor_before', 'currency_code_before') }}
        as amount_before
from final
