-- Stages of each pipeline as delivered, with their order and meaning: as the
-- user's folder says, as the system says of deals in them, else by words and
-- synonyms.
-- Grain: one row per stage of a pipeline.
{{ config(indexes=[{'columns': ['stage_id'], 'unique': true}]) }}

with

used as (

    select * from {{ ref('int_deal_stages__used') }}
    where stage_id is not null

),

seen as (

    select * from {{ ref('int_deal_stages__seen') }}

),

-- what is declared in no pipeline is of the default one, and of stages of
-- which nothing else is declared
said as (

    select
        used.stage_id as used_stage_id,
        seen.*
    from used
    inner join seen on used.stage_id = seen.stage_id

    union all

    select
        used.stage_id as used_stage_id,
        seen.*
    from used
    inner join seen on used.stage_key = seen.stage_key
    where
        seen.stage_id is null
        and (
            used.stage_id = used.stage_key
            or used.stage_id not in (
                select placed.stage_id from seen as placed
                where placed.stage_id is not null
            )
        )

),

-- what all deals of a stage have in common
common as (

    select
        used_stage_id,
        min(source_stage) as stage_name,
        case when min(flags) = max(flags) then min(flags) end as flags,
        case when min(status) = max(status) then min(status) end as status,
        case when min(percent) = max(percent) then min(percent) end as percent,
        min(flags) is not null or min(status) is not null as is_mixed,
        max(case when percent > 0 and percent < 100 then 1 end) = 1
            as is_between,
        max(first_file_id) as latest_file_id
    from said
    group by used_stage_id

),

sayings as (

    select
        used.pipeline_id,
        used.stage_id,
        used.source_pipeline,
        coalesce(common.stage_name, used.source_stage) as stage_name,
        common.flags,
        common.status,
        common.percent,
        common.is_mixed,
        common.is_between,
        coalesce(common.latest_file_id, used._file_id) as latest_file_id,
        used._row_id,
        used._file_id
    from used
    left join common on used.stage_id = common.used_stage_id

),

keyed as (

    select
        *,
        {{ cleaning.code_key('stage_name') }} as stage_key
    from sayings

),

codes as (

    select
        codes.source_value,
        stages.stage,
        stages.stage_order,
        stages.is_closed,
        stages.is_won
    from {{ ref('int_crm__codes') }} as codes
    inner join {{ ref('opportunity_stages') }} as stages
        on codes.code = stages.stage
    where codes.lookup = 'opportunity_stage'

),

-- a line of the user's for one pipeline goes before one for all
own as (

    select
        keyed.stage_id,
        stages.stage_order,
        stages.is_closed,
        stages.is_won,
        row_number() over (
            partition by keyed.stage_id
            order by
                case when stages.pipeline is null then 1 else 0 end asc,
                stages.stage_order asc,
                stages.is_closed asc
        ) as place
    from keyed
    inner join {{ ref('deal_stages') }} as stages
        on
            keyed.stage_key = {{ cleaning.code_key('stages.stage') }}
            and (
                stages.pipeline is null
                or {{ cleaning.lower_text('stages.pipeline') }} in (
                    {{ cleaning.lower_text('keyed.pipeline_id') }},
                    {{ cleaning.lower_text('keyed.source_pipeline') }}
                )
            )

),

known as (

    select
        keyed.*,
        codes.stage as code,
        codes.stage_order as code_order,
        codes.is_closed as code_is_closed,
        codes.is_won as code_is_won,
        own.stage_order as own_order,
        own.is_closed as own_is_closed,
        own.is_won as own_is_won,
        own.place,
        {{ stage_words('keyed.stage_key') }} as words
    from keyed
    left join codes
        on keyed.stage_key = codes.source_value
    left join own on keyed.stage_id = own.stage_id and own.place = 1

),

judged as (

    select
        *,
        case
            when own_is_closed is not null or own_is_won = 1 then 'user'
            when flags is not null then 'flags'
            when status = 'open' then 'status'
            when
                percent in (0, 100)
                and coalesce(words, '')
                <> case percent when 100 then 'lost' else 'won' end
                and not (
                    coalesce(code_is_closed, 0) = 1
                    and code_is_won
                    <> case percent when 100 then 1 else 0 end
                )
                and (
                    code is null or code_is_closed = 1
                    or {{ cleaning.code_key('code') }} <> stage_key
                )
                then 'probability'
            when words in ('won', 'lost') then 'words'
            when code is not null then 'shipped'
            when words is not null then 'words'
            when is_between then 'probability'
            when is_mixed then 'status'
        end as evidence
    from known

),

meant as (

    select
        *,
        case evidence
            when 'user' then coalesce(own_is_closed, own_is_won)
            when 'flags' then case when flags = 'open' then 0 else 1 end
            -- a status ends a deal, not the stage that it was in
            when 'status' then 0
            when 'probability'
                then case when percent in (0, 100) then 1 else 0 end
            when 'words' then 1
            when 'shipped' then code_is_closed
        end as closed,
        case evidence
            when 'user'
                then case when own_is_closed = 0 then 0 else own_is_won end
            when 'flags' then case when flags = 'won' then 1 else 0 end
            when 'status' then 0
            when 'probability'
                then case when percent = 100 then 1 else 0 end
            when 'words'
                then case words when 'won' then 1 when 'lost' then 0 end
            when 'shipped' then code_is_won
        end as won
    from judged

),

final as (

    select
        stage_id,
        pipeline_id,
        stage_name,
        coalesce(code, stage_name) as stage,
        coalesce(own_order, row_number() over (
            partition by pipeline_id
            order by
                own_order asc nulls last,
                coalesce(closed, 0) asc,
                coalesce(won, 0) desc,
                case when closed = 1 then null else percent end asc nulls last,
                code_order asc nulls last,
                _row_id asc
        )) as stage_order,
        closed = 1 as is_closed,
        won = 1 as is_won,
        percent / {{ cleaning.as_double('100.0') }} as probability_share,
        evidence,
        code is not null or place is not null as is_known,
        latest_file_id,
        _row_id,
        _file_id
    from meant

)

select * from final
