{#-
    Which person or organisation each record of a source is of, with what links it: a
    whole model. A record that belongs to another one is of the customer of that one,
    and so is an identifier that the CRM merged away.
    Grain: one row per record and merged identifier.
      entity    people or organisations
      id        name of the column with the customer's identifier; a person's
                organisation is beside it, that of the record or else of the person
      kind      kind of the records of the CRM
      entity_of entity of the CRM in int_crm__aliases
-#}
{% macro customer_records(entity, id, kind, entity_of) -%}
{%- set clustered = ref('int_' ~ entity ~ '__clustered') -%}
{%- set current = ref('int_' ~ entity ~ '__current') -%}
with

touched as (

    {{ touched_customers(entity) }}

),

gone as (

    select distinct all_gone.cluster_id
    from (
        {{ gone_clusters(entity) }}
    ) as all_gone

),

members as (

    select
        clustered.record_number,
        clustered.record_id,
        clustered.cluster_id,
        clustered.latest_file_id
    from {{ clustered }} as clustered
    where clustered.cluster_id in (select touched.cluster_id from touched)

),

pairs as (

    select
        record_a as record_number,
        record_b as other_number,
        pattern,
        weight,
        probability,
        decision
    from {{ ref('int_' ~ entity ~ '__paired') }}
    where record_a in (select members.record_number from members)
    union all
    select
        record_b as record_number,
        record_a as other_number,
        pattern,
        weight,
        probability,
        decision
    from {{ ref('int_' ~ entity ~ '__paired') }}
    where record_b in (select members.record_number from members)

),

declared as (

    select
        record_id,
        other_record_id,
        min(reason) as reason
    from (
        select
            record_id,
            other_record_id,
            reason
        from {{ ref('int_' ~ entity ~ '__declared') }}
        union all
        select
            other_record_id as record_id,
            record_id as other_record_id,
            reason
        from {{ ref('int_' ~ entity ~ '__declared') }}
    ) as both_ways
    group by record_id, other_record_id

),

-- of each record what links it best to another one of its cluster
linked as (

    select
        record_number,
        other_record_id,
        probability,
        evidence
    from (
        select
            pairs.record_number,
            other.record_id as other_record_id,
            pairs.probability,
            case
                when pairs.decision <> ''
                    then coalesce('declared: ' || declared.reason, 'decided')
                else {{ identity.identity_summary(entity, 'pairs.pattern') }}
            end as evidence,
            row_number() over (
                partition by pairs.record_number
                order by pairs.weight desc, other.record_number asc
            ) as place
        from pairs
        inner join members as one
            on pairs.record_number = one.record_number
        inner join members as other
            on
                pairs.other_number = other.record_number
                and one.cluster_id = other.cluster_id
        left join declared
            on
                one.record_id = declared.record_id
                and other.record_id = declared.other_record_id
    ) as ranked
    where place = 1

),

units as (

    select
        members.record_id as unit_id,
        case when gone.cluster_id is null then members.cluster_id end
            as cluster_id,
        members.latest_file_id,
        linked.other_record_id,
        linked.probability,
        linked.evidence
    from members
    left join gone on members.cluster_id = gone.cluster_id
    left join linked on members.record_number = linked.record_number

),

final as (

    select
        records.record_id,
        records.record_kind,
        records.source_record_id,
        records.unit_id,
        units.cluster_id as {{ id }},
        {%- if entity == 'people' %}
        coalesce(organisations.organisation_id, golden.organisation_id)
            as organisation_id,
        {%- endif %}
        case
            when records.unit_id <> records.record_id then records.unit_id
            else units.other_record_id
        end as linked_record_id,
        units.probability,
        case
            when records.unit_id <> records.record_id
                then 'one record of its source'
            else units.evidence
        end as evidence,
        {{ cleaning.greatest_of(['records.touched_file_id', 'units.latest_file_id']) }}
            as latest_file_id,
        records._row_id,
        records._file_id
    from units
    inner join {{ current }} as records on units.unit_id = records.unit_id
    {%- if entity == 'people' %}
    left join {{ ref('int_organisations__linked') }} as organisations
        on records.organisation_record_id = organisations.record_id
    left join {{ ref('dim_people') }} as golden
        on units.cluster_id = golden.person_id
    {%- endif %}

    union all

    -- identifiers that the source merged away, of records that no file has
    select
        '{{ kind }}:' || aliases.alias_id as record_id,
        '{{ kind }}' as record_kind,
        aliases.alias_id as source_record_id,
        units.unit_id,
        units.cluster_id as {{ id }},
        {%- if entity == 'people' %}
        golden.organisation_id,
        {%- endif %}
        units.unit_id as linked_record_id,
        units.probability,
        'one record of its source' as evidence,
        {{ cleaning.greatest_of(['aliases.latest_file_id', 'units.latest_file_id']) }}
            as latest_file_id,
        cast(null as bigint) as _row_id,
        cast(null as bigint) as _file_id
    from {{ ref('int_crm__aliases') }} as aliases
    inner join {{ ref('int_' ~ entity_of ~ '__clustered') }} as led
        on aliases.record_id = led.record_id
    inner join units on '{{ kind }}:' || led.cluster_id = units.unit_id
    {%- if entity == 'people' %}
    left join {{ ref('dim_people') }} as golden
        on units.cluster_id = golden.person_id
    {%- endif %}
    where
        aliases.entity = '{{ entity_of }}'
        and aliases.alias_id not in (
            select known.record_id
            from {{ ref('int_' ~ entity_of ~ '__clustered') }} as known
        )

)

select * from final
{%- endmacro %}
