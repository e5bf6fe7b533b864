-- Persons over all sources: one golden record for all records of one, each
-- field from the record that survivorship prefers.
-- Grain: one row per person.
{{ config(
    materialized='steps',
    unique_key='person_id',
    golden_of='int_people__clustered',
    post_hook="delete from {{ this }} where person_id in (
        {{ gone_clusters('people') }}
    )",
    indexes=[{'columns': ['email']}, {'columns': ['organisation_id']}],
) }}

with

records as (

    select
        clustered.cluster_id,
        people.*
    from {{ ref('int_people__clustered') }} as clustered
    inner join {{ ref('int_people__current') }} as people
        on clustered.record_id = people.record_id
    where
        clustered.cluster_id in (
            {{ touched_customers('people') }}
        )
        and clustered.cluster_id not in (
            {{ gone_clusters('people') }}
        )

),

golden as (

    {{ identity.identity_survivors('people', 'records') }}

),

sizes as (

    select
        cluster_id,
        count(*) as record_count
    from records
    where not is_gone
    group by cluster_id

),

-- of a record that leads to one
organisations as (

    select
        cluster_id,
        organisation_id
    from (
        select
            records.cluster_id,
            linked.organisation_id,
            row_number() over (
                partition by records.cluster_id
                order by
                    records.trust asc, records.changed_at desc nulls last,
                    records.record_id asc
            ) as place
        from records
        inner join {{ ref('int_organisations__linked') }} as linked
            on records.organisation_record_id = linked.record_id
        where linked.organisation_id is not null and not records.is_gone
    ) as ranked
    where place = 1

),

final as (

    select
        golden.cluster_id as person_id,
        organisations.organisation_id,
        golden.first_name,
        golden.last_name,
        coalesce(
            golden.first_name || ' ' || golden.last_name, golden.full_name,
            golden.first_name, golden.last_name
        ) as full_name,
        golden.email,
        golden.phone_e164,
        golden.phone as source_phone,
        golden.title,
        golden.city,
        golden.country_code,
        golden.created_at as first_seen_at,
        sizes.record_count,
        golden.latest_file_id,
        golden._row_id,
        golden._file_id
    from golden
    inner join sizes on golden.cluster_id = sizes.cluster_id
    left join organisations on golden.cluster_id = organisations.cluster_id

)

select * from final
