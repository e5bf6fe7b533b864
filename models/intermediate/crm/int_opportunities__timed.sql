-- Deals through time: the deliveries' versions, merged with what the system
-- itself reports of stages, amounts and expected closes. In the time that the
-- system's history covers it alone counts for these; before and after it, and
-- for all else, the deliveries do. Columns of dates are such a history of the
-- stages they name. A deal is open from its entry, and closed on its closing
-- date where this lies between the two deliveries that show it open and closed.
-- What was never seen but deleted is left out.
-- Grain: one row per opportunity and state.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='opportunity_id',
    indexes=[
        {'columns': ['opportunity_id', 'state_number'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}
{%- set versioned = ref('int_opportunities__versioned') %}
{%- set changes = ref('int_stage_changes__versioned') %}
{%- set dates = ref('int_stage_dates__unpivoted') %}
{%- set aliases = ref('int_crm__aliases') %}
{%- set known_stages = ref('dim_deal_stages') %}
{%- set in_order -%}
partition by opportunity_id order by at_time, kind, tie, row_id
{%- endset %}

{#- Deleted, or merged, into whatever deal. -#}
{%- set gone -%}
versions.is_gone
            or coalesce(versions.merged_into <> versions.opportunity_id, false)
{%- endset %}
{%- set main_units = cleaning.nearest('changed.amount_cents / 100.0') %}

with

touches as (

    select
        opportunity_id,
        latest_file_id
    from {{ versioned }}
    where latest_file_id > {{ watermark() }}
    union
    select
        source_opportunity_id as opportunity_id,
        latest_file_id
    from {{ changes }}
    where latest_file_id > {{ watermark() }}
    union
    select
        alias_id as opportunity_id,
        latest_file_id
    from {{ aliases }}
    where entity = 'opportunities' and latest_file_id > {{ watermark() }}
    union
    select
        versions.opportunity_id,
        aliases.latest_file_id
    from {{ aliases }} as aliases
    inner join {{ versioned }} as versions
        on aliases.alias_id = versions.source_owner
    where
        aliases.entity = 'owners'
        and aliases.latest_file_id > {{ watermark() }}
        and {{ watermark() }} >= 0
    union
    select
        versions.opportunity_id,
        stages.latest_file_id
    from {{ known_stages }} as stages
    inner join {{ versioned }} as versions
        on stages.stage_id = versions.stage_id
    where stages.latest_file_id > {{ watermark() }} and {{ watermark() }} >= 0
    {%- for relation, deal, stage in [
        (changes, 'source_opportunity_id', 'stage'),
        (changes, 'source_opportunity_id', 'old_stage'),
        (dates, 'opportunity_id', 'source_stage'),
    ] %}
    union
    select
        entries.{{ deal }},
        stages.latest_file_id
    from {{ known_stages }} as stages
    inner join {{ relation }} as entries
        on
            {{ stage_key('stages.stage_name') }}
            = {{ stage_key('entries.' ~ stage) }}
    where stages.latest_file_id > {{ watermark() }} and {{ watermark() }} >= 0
    {%- endfor %}

),

-- with the file that says why: what is made of a deal may be another without
-- a row of its own, as where a merge is undone
touched as (

    select
        opportunity_id,
        max(latest_file_id) as touched_file_id
    from touches
    group by opportunity_id

),

versions as (

    select
        versions.*,
        lag({{ gone }}) over (
            partition by versions.opportunity_id
            order by versions.version_number
        ) as was_gone
    from {{ versioned }} as versions
    where
        versions.row_status in ('current', 'superseded')
        and versions.opportunity_id in (
            select touched.opportunity_id from touched
        )

),

changes as (

    select * from {{ changes }}
    where
        source_opportunity_id in (select touched.opportunity_id from touched)

),

-- a deal merged into another ends when that one first names it
merged as (

    select
        aliases.alias_id as opportunity_id,
        max(aliases.latest_file_id) as latest_file_id,
        min(survivors.valid_from) as merged_at
    from {{ aliases }} as aliases
    inner join versions on aliases.alias_id = versions.opportunity_id
    left join {{ versioned }} as survivors
        on
            aliases.record_id = survivors.opportunity_id
            and survivors.row_status in ('current', 'superseded')
            and {{ cleaning.position_of(
                "coalesce(survivors.merged_ids, '')", 'aliases.alias_id'
            ) }} > 0
    where
        aliases.entity = 'opportunities'
        and aliases.record_id <> aliases.alias_id
        and versions.row_status = 'current'
        and not ({{ gone }})
    group by aliases.alias_id

),

-- Of a file of all fields the stage alone, outside the time of whole states;
-- its first old value held from the entry.
changed as (

    select
        *,
        field is null as is_state,
        row_number() over (
            partition by source_opportunity_id
            order by changed_at, stage_change_id
        ) as place,
        min(case when field is null and stage is not null then changed_at end)
            over (partition by source_opportunity_id) as first_state,
        max(case when field is null and stage is not null then changed_at end)
            over (partition by source_opportunity_id) as last_state,
        max(
            case
                when field is null and amount_cents is not null then 1
                else 0
            end
        ) over (partition by source_opportunity_id) as has_amounts
    from changes
    where
        row_status = 'current'
        and changed_at is not null
        and {{ stage_key("coalesce(field, 'stage')") }}
        in ('stage', 'stagename', 'dealstage')

),

stated as (

    select
        changed.source_opportunity_id as opportunity_id,
        changed.changed_at as at_time,
        1 as kind,
        changed.stage_change_id as tie,
        changed.stage as source_stage,
        cast(null as text) as stage_pipeline,
        -- read as hundredths
        case currencies.decimals
            when 0 then cast({{ main_units }} as bigint)
            else changed.amount_cents
        end as amount_minor,
        changed.close_date,
        changed.is_state
        and changed.has_amounts = 1
        and coalesce(currencies.decimals, 2) <= 2 as has_amount,
        changed.latest_file_id
    from changed
    inner join {{ versioned }} as deals
        on
            changed.source_opportunity_id = deals.opportunity_id
            and deals.row_status = 'current'
    left join {{ ref('currencies') }} as currencies
        on deals.currency_code = currencies.code
    where
        changed.stage is not null
        and (
            changed.is_state
            or changed.first_state is null
            or changed.changed_at < changed.first_state
            or changed.changed_at > changed.last_state
        )

    union all

    select
        changed.source_opportunity_id as opportunity_id,
        deals.created_at as at_time,
        1 as kind,
        changed.stage_change_id as tie,
        changed.old_stage as source_stage,
        cast(null as text) as stage_pipeline,
        cast(null as bigint) as amount_minor,
        cast(null as text) as close_date,
        false as has_amount,
        changed.latest_file_id
    from changed
    inner join {{ versioned }} as deals
        on
            changed.source_opportunity_id = deals.opportunity_id
            and deals.row_status = 'current'
    where
        changed.place = 1
        and deals.created_at >= '1990'
        and changed.old_stage is not null
        and deals.created_at < changed.changed_at
        and (
            changed.first_state is null
            or deals.created_at < changed.first_state
        )

    union all

    select
        opportunity_id,
        entered_at as at_time,
        2 as kind,
        source_stage as tie,
        source_stage,
        source_pipeline as stage_pipeline,
        cast(null as bigint) as amount_minor,
        cast(null as text) as close_date,
        false as has_amount,
        max(_file_id) as latest_file_id
    from {{ dates }}
    where opportunity_id in (select touched.opportunity_id from touched)
    group by opportunity_id, entered_at, source_stage, source_pipeline

),

-- 1 and 2 are reported by the system, 3 is a version
events as (

    select
        stated.opportunity_id,
        stated.at_time,
        stated.kind,
        stated.tie,
        0 as row_id,
        coalesce(codes.code, stated.source_stage) as stage,
        stated.source_stage,
        coalesce(deals.id_scope || ':', '')
        || {{ cleaning.lower_text('stated.stage_pipeline') }}
            as stage_pipeline_id,
        cast(null as text) as source_status,
        cast(null as boolean) as is_marked_closed,
        cast(null as boolean) as is_marked_won,
        false as is_end_earlier,
        stated.amount_minor,
        stated.close_date,
        cast(null as text) as pipeline_id,
        cast(null as text) as stage_id,
        cast(null as text) as owner_id,
        cast(null as text) as currency_code,
        false as is_gone,
        false as is_return,
        stated.has_amount,
        cast(null as text) as created_at,
        stated.latest_file_id
    from stated
    inner join {{ versioned }} as deals
        on
            stated.opportunity_id = deals.opportunity_id
            and deals.row_status = 'current'
    left join {{ ref('int_crm__codes') }} as codes
        on
            codes.lookup = 'opportunity_stage'
            and {{ cleaning.code_key('stated.source_stage') }}
            = codes.source_value

    union all

    select
        versions.opportunity_id,
        versions.valid_from as at_time,
        3 as kind,
        '' as tie,
        versions.version_number as row_id,
        versions.stage,
        versions.source_stage,
        cast(null as text) as stage_pipeline_id,
        versions.source_status,
        versions.is_marked_closed,
        versions.is_marked_won,
        versions.is_end_earlier,
        versions.amount_minor,
        versions.close_date,
        versions.pipeline_id,
        versions.stage_id,
        coalesce(owners.record_id, versions.source_owner) as owner_id,
        versions.currency_code,
        {{ gone }} as is_gone,
        coalesce(versions.was_gone, false) and not ({{ gone }})
            as is_return,
        true as has_amount,
        case
            when
                versions.row_status = 'current'
                and versions.created_at >= '1990'
                then versions.created_at
        end as created_at,
        case
            when owners.latest_file_id > versions.latest_file_id
                then owners.latest_file_id
            else versions.latest_file_id
        end as latest_file_id
    from versions
    left join {{ aliases }} as owners
        on owners.entity = 'owners' and versions.source_owner = owners.alias_id

    union all

    select
        versions.opportunity_id,
        case
            when merged.merged_at > versions.valid_from then merged.merged_at
            else versions.valid_from
        end as at_time,
        3 as kind,
        'merged' as tie,
        versions.version_number as row_id,
        versions.stage,
        versions.source_stage,
        cast(null as text) as stage_pipeline_id,
        versions.source_status,
        versions.is_marked_closed,
        versions.is_marked_won,
        versions.is_end_earlier,
        versions.amount_minor,
        versions.close_date,
        versions.pipeline_id,
        versions.stage_id,
        coalesce(owners.record_id, versions.source_owner) as owner_id,
        versions.currency_code,
        true as is_gone,
        false as is_return,
        true as has_amount,
        cast(null as text) as created_at,
        merged.latest_file_id
    from versions
    inner join merged on versions.opportunity_id = merged.opportunity_id
    left join {{ aliases }} as owners
        on owners.entity = 'owners' and versions.source_owner = owners.alias_id
    where versions.row_status = 'current'

),

keyed as (

    select
        *,
        {{ cleaning.code_key('source_stage') }} as source_key,
        coalesce({{ stage_key('stage') }}, '') as stage_key
    from events

),

bounded as (

    select
        *,
        row_number() over ({{ in_order }}) as place,
        max(created_at) over whole_deal as entered_at,
        max(latest_file_id) over whole_deal as newest_file_id,
        min(case when kind < 3 then at_time end) over whole_deal as first_known,
        max(case when kind < 3 then at_time end) over whole_deal as last_known,
        min(case when kind < 3 and has_amount then at_time end)
            over whole_deal as first_amount,
        max(case when kind < 3 and has_amount then at_time end)
            over whole_deal as last_amount,
        min(case when kind = 1 then at_time end) over whole_deal
            as first_history,
        max(case when kind = 1 then at_time end) over whole_deal
            as last_history,
        max(case when kind = 2 then 1 else 0 end) over (
            partition by opportunity_id, stage_key
        ) as has_date
    from keyed
    window whole_deal as (partition by opportunity_id)

),

counted as (

    select
        *,
        kind < 3
        or first_known is null
        or at_time < first_known
        or at_time > last_known
        or is_return
        or (first_history is null and has_date = 0) as counts_for_stage,
        has_amount and (
            kind < 3
            or first_amount is null
            or at_time < first_amount
            or at_time > last_amount
        ) as counts_for_amount
    from bounded
    where
        kind <> 2
        or first_history is null
        or at_time < first_history
        or at_time > last_history

),

-- of each aspect the event that holds; before the first one, that
governed as (

    select
        *,
        coalesce(
            max(case when counts_for_stage then place end) over so_far,
            min(case when counts_for_stage then place end) over whole_deal
        ) as stage_place,
        coalesce(
            max(case when counts_for_amount then place end) over so_far,
            min(case when counts_for_amount then place end) over whole_deal
        ) as amount_place,
        coalesce(
            max(case when kind = 3 then place end) over so_far,
            min(case when kind = 3 then place end) over whole_deal
        ) as version_place
    from counted
    window
        so_far as (
            partition by opportunity_id order by place
            rows unbounded preceding
        ),
        whole_deal as (partition by opportunity_id)

),

held as (

    select
        opportunity_id,
        place,
        at_time,
        kind,
        entered_at as created_at,
        newest_file_id as latest_file_id,
        {%- for aspect, columns in {
            'stage': [
                'kind', 'at_time', 'stage', 'stage_key', 'source_key',
                'source_status', 'is_marked_closed', 'is_marked_won',
                'is_end_earlier', 'stage_id', 'stage_pipeline_id',
            ],
            'amount': ['amount_minor', 'close_date'],
            'version': ['pipeline_id', 'owner_id', 'currency_code'],
        }.items() %}
        {%- for column in columns %}
        {%- set held = 'case when place = ' ~ aspect
            ~ '_place then ' ~ column ~ ' end' %}
        {% if column.startswith('is_') -%}
        {{ cleaning.any_true(held, 'by_' ~ aspect) }} as held_{{ column }},
        {%- else -%}
        max({{ held }})
            over by_{{ aspect }} as held_{{ column }},
        {%- endif %}
        {%- endfor %}
        {%- endfor %}
        {{ cleaning.any_true(
            'case when place = version_place then is_gone end', 'by_version'
        ) }} as is_gone
    from governed
    window
        by_stage as (partition by opportunity_id, stage_place),
        by_amount as (partition by opportunity_id, amount_place),
        by_version as (partition by opportunity_id, version_place)

),

assembled as (

    select
        opportunity_id,
        place,
        at_time,
        kind,
        held_kind as stage_kind,
        held_at_time as stage_at,
        held_stage as stage,
        held_stage_key as stage_key,
        held_source_key as source_key,
        held_source_status as source_status,
        held_is_marked_closed as is_marked_closed,
        held_is_marked_won as is_marked_won,
        held_is_end_earlier as is_end_earlier,
        coalesce(
            held_stage_id,
            coalesce(held_stage_pipeline_id, held_pipeline_id) || ':'
            || held_source_key
        ) as given_stage_id,
        held_amount_minor as amount_minor,
        held_close_date as close_date,
        coalesce(held_stage_pipeline_id, held_pipeline_id) as pipeline_id,
        held_owner_id as owner_id,
        held_currency_code as currency_code,
        is_gone,
        created_at,
        latest_file_id
    from held

),

-- stages by a name that is alike, for those reported by another one
alike as (

    select
        pipeline_id,
        stage_key,
        min(stage_id) as stage_id
    from (
        select
            pipeline_id,
            stage_id,
            {{ stage_key('stage') }} as stage_key
        from {{ known_stages }}
    ) as known_stages
    group by pipeline_id, stage_key

),

placed_stages as (

    select
        assembled.*,
        coalesce(
            stages.stage_id, alike.stage_id, assembled.given_stage_id
        ) as stage_id
    from assembled
    left join {{ known_stages }} as stages
        on assembled.given_stage_id = stages.stage_id
    left join alike
        on
            assembled.pipeline_id = alike.pipeline_id
            and assembled.stage_key = alike.stage_key

),

-- a stage that no deal is delivered in is known by its code or its words
meant as (

    select
        deals.opportunity_id,
        deals.place,
        deals.at_time,
        deals.kind,
        deals.stage_kind,
        deals.stage_at,
        coalesce(stages.stage, deals.stage) as stage,
        deals.stage_key,
        deals.stage_id,
        deals.amount_minor,
        deals.close_date,
        deals.pipeline_id,
        deals.owner_id,
        deals.currency_code,
        deals.is_gone,
        deals.created_at,
        deals.latest_file_id,
        coalesce(
            {{ deal_is_closed('deals', 'stages') }},
            codes.is_closed = 1,
            {{ stage_words('deals.source_key') }} is not null
        ) as is_closed,
        coalesce(
            {{ deal_is_won('deals', 'stages') }},
            codes.is_won = 1,
            {{ stage_words('deals.source_key') }} = 'won'
        ) as is_won,
        stages.latest_file_id as stage_file_id
    from placed_stages as deals
    left join {{ known_stages }} as stages on deals.stage_id = stages.stage_id
    left join {{ ref('opportunity_stages') }} as codes
        on stages.stage_id is null and deals.stage = codes.stage

),

ended as (

    select
        *,
        case
            when coalesce(is_closed, false) = false then 'open'
            when is_won then 'won'
            when not is_won then 'lost'
            else 'closed'
        end as phase
    from meant

),

compared as (

    select
        *,
        {{ json_array_text([
            'stage_kind', 'stage_key', 'stage_id', 'phase', 'amount_minor',
            'close_date', 'pipeline_id', 'owner_id', 'currency_code', 'is_gone',
        ]) }} as state,
        max(case when is_gone then 0 else 1 end) over (
            partition by opportunity_id order by place
            rows unbounded preceding
        ) as was_seen
    from ended

),

distinct_states as (

    select
        *,
        lag(state) over in_order as state_before,
        max(stage_file_id) over (partition by opportunity_id)
            as newest_stage_file_id
    from compared
    where was_seen = 1
    window in_order as (partition by opportunity_id order by place)

),

followed as (

    select
        opportunity_id,
        place,
        at_time,
        kind,
        stage_kind,
        stage_at,
        stage,
        stage_key,
        stage_id,
        amount_minor,
        close_date,
        pipeline_id,
        owner_id,
        currency_code,
        is_gone,
        phase,
        lag(at_time) over in_order as at_before,
        lag(phase) over in_order as phase_before,
        lag(is_gone) over in_order as gone_before,
        case when created_at <= at_time then created_at end as created_at,
        {{ cleaning.greatest_of([
            'latest_file_id', 'coalesce(newest_stage_file_id, latest_file_id)',
        ]) }} as latest_file_id
    from distinct_states
    where state is distinct from state_before
    window in_order as (partition by opportunity_id order by place)

),

dated as (

    select
        *,
        case
            when
                kind < 3 or phase = 'open' or is_gone
                or coalesce(phase_before, 'open') <> 'open'
                or coalesce(gone_before, false)
                then at_time
            when at_before is null and close_date < substr(created_at, 1, 10)
                then created_at
            when
                close_date between coalesce(
                    substr(coalesce(at_before, created_at), 1, 10), '1990'
                ) and substr(at_time, 1, 10)
                then {{ cleaning.greatest_of([
                    "coalesce(at_before, created_at, '')",
                    "close_date || 'T00:00:00.000000Z'",
                ]) }}
            else at_time
        end as began_at
    from followed

),

-- the entry of the deal, where nothing else is known of that time
entered as (

    select
        *,
        place as part,
        case stage_kind
            when 1 then 'system_history' when 2 then 'dated_columns'
            else 'deliveries'
        end as evidence
    from dated

    union all

    select
        *,
        0 as part,
        'entry' as evidence
    from dated
    where at_before is null and created_at < began_at

),

numbered as (

    select
        *,
        row_number() over in_order as state_number,
        case when evidence = 'entry' then created_at else began_at end
            as valid_from
    from entered
    window in_order as (partition by opportunity_id order by part)

),

final as (

    select
        numbered.opportunity_id,
        cast(numbered.state_number as bigint) as state_number,
        numbered.valid_from,
        lead(numbered.valid_from) over (
            partition by numbered.opportunity_id order by numbered.state_number
        ) as valid_to,
        numbered.evidence,
        numbered.pipeline_id,
        numbered.owner_id,
        numbered.currency_code,
        numbered.amount_minor,
        numbered.close_date,
        case
            when numbered.evidence = 'entry' then 'open' else numbered.phase
        end as phase,
        numbered.is_gone,
        numbered.stage,
        numbered.stage_id,
        numbered.stage_key,
        numbered.stage_at,
        {{ cleaning.greatest_of([
            'numbered.latest_file_id', 'touched.touched_file_id'
        ]) }} as latest_file_id
    from numbered
    inner join touched on numbered.opportunity_id = touched.opportunity_id

)

select * from final
