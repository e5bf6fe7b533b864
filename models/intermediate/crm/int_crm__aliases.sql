-- Identifiers that do not stand for a record of their own: those of records
-- merged into another, and names by which records or owners are referred to.
-- One whose merge was undone, or went in a circle, leads to itself.
-- Grain: one row per entity and identifier.
{{ config(indexes=[{'columns': ['entity', 'alias_id'], 'unique': true}]) }}
{%- set entities = {
    'companies': ref('int_companies__versioned'),
    'contacts': ref('int_contacts__versioned'),
    'opportunities': ref('int_opportunities__versioned'),
} %}
{%- set ids = {
    'companies': 'company_id', 'contacts': 'contact_id',
    'opportunities': 'opportunity_id',
} %}

with recursive

merged as (

    {% for entity, relation in entities.items() -%}
    select
        '{{ entity }}' as entity,
        {{ ids[entity] }} as record_id,
        merged_into,
        replace({{ json_array_text(['merged_ids']) }}, ';', '","')
            as former_ids,
        merged_ids,
        row_status = 'current' as is_current,
        delivered_file_id,
        latest_file_id
    from {{ relation }}
    where
        row_status in ('current', 'superseded')
        and (merged_into is not null or merged_ids is not null)
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

declared as (

    select
        entity,
        record_id as alias_id,
        merged_into as leads_to,
        is_current,
        delivered_file_id,
        latest_file_id
    from merged
    where merged_into is not null

    union all

    select
        merged.entity,
        trim(former.value) as alias_id,
        merged.record_id as leads_to,
        merged.is_current,
        merged.delivered_file_id,
        merged.latest_file_id
    from merged
    {{ json_elements('merged.former_ids', 'former') }}
    where merged.merged_ids is not null and trim(former.value) <> ''

),

direct as (

    select
        entity,
        alias_id,
        leads_to,
        delivered_file_id,
        latest_file_id
    from (
        select
            *,
            row_number() over (
                partition by entity, alias_id
                order by delivered_file_id desc, leads_to asc
            ) as place
        from declared
        where is_current and alias_id <> leads_to
    ) as ranked
    where place = 1

),

-- a merged record may have been merged on: all that each leads to, once each
reached as (

    select
        entity,
        alias_id,
        leads_to
    from direct

    union

    select
        reached.entity,
        reached.alias_id,
        direct.leads_to
    from reached
    inner join direct
        on
            reached.entity = direct.entity
            and reached.leads_to = direct.alias_id

),

-- records merged into each other in a circle, by the circle
circles as (

    select
        direct.entity,
        direct.alias_id,
        direct.delivered_file_id,
        min(peers.leads_to) as circle_id
    from direct
    inner join reached as returning_ones
        on
            direct.entity = returning_ones.entity
            and direct.alias_id = returning_ones.alias_id
            and direct.alias_id = returning_ones.leads_to
    inner join reached as peers
        on
            direct.entity = peers.entity
            and direct.alias_id = peers.alias_id
    group by direct.entity, direct.alias_id, direct.delivered_file_id

),

-- the merge that was delivered first is undone by the others
circular as (

    select
        entity,
        alias_id
    from (
        select
            *,
            row_number() over (
                partition by entity, circle_id
                order by delivered_file_id, alias_id
            ) as place
        from circles
    ) as ranked
    where place = 1

),

led as (

    select
        reached.entity,
        reached.alias_id,
        max(
            case
                when onward.alias_id is null or circular.alias_id is not null
                    then reached.leads_to
            end
        ) as record_id,
        max(onward.latest_file_id) as latest_file_id
    from reached
    left join direct as onward
        on
            reached.entity = onward.entity
            and reached.leads_to = onward.alias_id
    left join circular
        on
            reached.entity = circular.entity
            and reached.leads_to = circular.alias_id
    group by reached.entity, reached.alias_id

),

ends as (

    select
        direct.entity,
        direct.alias_id,
        case
            when circular.alias_id is not null then direct.alias_id
            else led.record_id
        end as record_id,
        {{ cleaning.greatest_of([
            'direct.latest_file_id', 'coalesce(led.latest_file_id, 0)'
        ]) }}
            as latest_file_id,
        circular.alias_id is not null as is_circular
    from direct
    inner join led
        on direct.entity = led.entity and direct.alias_id = led.alias_id
    left join circular
        on
            direct.entity = circular.entity
            and direct.alias_id = circular.alias_id

),

-- a merge that is no longer delivered: the record is by itself again
undone as (

    select
        declared.entity,
        declared.alias_id,
        declared.alias_id as record_id,
        max(declared.latest_file_id) as latest_file_id,
        false as is_circular
    from declared
    left join direct
        on
            declared.entity = direct.entity
            and declared.alias_id = direct.alias_id
    where not declared.is_current and direct.alias_id is null
    group by declared.entity, declared.alias_id

),

referred as (

    {% for entity, relation, column in [
        ('companies', ref('int_contacts__versioned'), 'source_company_id'),
        ('companies', ref('int_opportunities__versioned'), 'source_company_id'),
        ('contacts', ref('int_opportunities__versioned'), 'source_contact_id'),
        ('contacts', ref('int_activities__versioned'), 'source_contact_id'),
    ] -%}
    select
        '{{ entity }}' as entity,
        {{ column }} as alias_id
    from {{ relation }}
    where {{ column }} >= 'name:' and {{ column }} < 'name;'
    {{ 'union' if not loop.last }}
    {% endfor %}

),

named as (

    select
        'companies' as entity,
        {{ name_reference('files.id_scope', 'companies.company_name') }}
            as alias_id,
        companies.company_id as record_id,
        coalesce(files.id_scope, '') as id_scope,
        companies.latest_file_id
    from {{ ref('int_companies__versioned') }} as companies
    inner join {{ ref('stg_ingest__files') }} as files
        on companies._file_id = files.file_id
    where
        companies.row_status = 'current'
        and not companies.is_gone
        and 'companies' in (select referred.entity from referred)

    union all

    select
        'contacts' as entity,
        {{ name_reference(
            'files.id_scope', "contacts.first_name || ' ' || contacts.last_name"
        ) }} as alias_id,
        contacts.contact_id as record_id,
        coalesce(files.id_scope, '') as id_scope,
        contacts.latest_file_id
    from {{ ref('int_contacts__versioned') }} as contacts
    inner join {{ ref('stg_ingest__files') }} as files
        on contacts._file_id = files.file_id
    where
        contacts.row_status = 'current'
        and not contacts.is_gone
        and 'contacts' in (select referred.entity from referred)

    union all

    -- an address is that of one person in whatever system
    select
        'contacts' as entity,
        {{ name_reference('null', 'contacts.email') }} as alias_id,
        contacts.contact_id as record_id,
        coalesce(files.id_scope, '') as id_scope,
        contacts.latest_file_id
    from {{ ref('int_contacts__versioned') }} as contacts
    inner join {{ ref('stg_ingest__files') }} as files
        on contacts._file_id = files.file_id
    where
        contacts.row_status = 'current'
        and not contacts.is_gone
        and contacts.email is not null
        and 'contacts' in (select referred.entity from referred)

),

-- a name of several records of one system leads to none
names as (

    select
        named.entity,
        named.alias_id,
        case
            when count(*) = count(distinct named.id_scope)
                then min(named.record_id)
        end as record_id,
        max(named.latest_file_id) as latest_file_id,
        false as is_circular
    from named
    inner join referred
        on
            named.entity = referred.entity
            and named.alias_id = referred.alias_id
    group by named.entity, named.alias_id

),

-- owners and campaigns that records name in words, of whom a file has more
spelled as (

    {% for entity, relation, id, spellings in [
        ('owners', ref('int_owners__versioned'), 'owner_id', ['name', 'email']),
        ('campaigns', ref('int_campaigns__versioned'), 'campaign_key', ['name']),
    ] -%}
    {%- set bare -%}
        case
            when files.id_scope is null then known.{{ id }}
            else substr(known.{{ id }}, length(files.id_scope) + 2)
        end
    {%- endset -%}
    {%- for spelling in [bare] + spellings -%}
    select
        '{{ entity }}' as entity,
        coalesce(files.id_scope || ':', '') || {{ cleaning.lower_text(
            spelling if loop.first else 'known.' ~ spelling
        ) }} as alias_id,
        known.{{ id }} as record_id,
        known.latest_file_id
    from {{ relation }} as known
    inner join {{ ref('stg_ingest__files') }} as files
        on known._file_id = files.file_id
    where known.row_status in ('current', 'superseded')
    union all
    {% endfor -%}
    {%- endfor -%}
    -- by identifier and name in one record
    select
        'owners' as entity,
        coalesce(files.id_scope || ':', '')
        || {{ cleaning.lower_text('named.owner') }} as alias_id,
        named.source_owner as record_id,
        named._file_id as latest_file_id
    from {{ ref('int_owners__named') }} as named
    inner join {{ ref('stg_ingest__files') }} as files
        on named._file_id = files.file_id

),

said as (

    select
        'owners' as entity,
        source_owner as alias_id
    from {{ ref('int_owners__named') }}
    union all
    select
        'campaigns' as entity,
        source_campaign as alias_id
    from {{ ref('int_campaigns__named') }}

),

-- a name of several leads to none
spellings as (

    select
        spelled.entity,
        spelled.alias_id,
        case
            when min(spelled.record_id) = max(spelled.record_id)
                then min(spelled.record_id)
        end as record_id,
        max(spelled.latest_file_id) as latest_file_id,
        false as is_circular
    from spelled
    inner join said
        on spelled.entity = said.entity and spelled.alias_id = said.alias_id
    where spelled.alias_id <> spelled.record_id
    group by spelled.entity, spelled.alias_id

),

final as (

    select * from ends
    union all
    select * from undone
    union all
    select * from names
    union all
    select * from spellings

)

select * from final
