-- Organisations over all sources: one golden record for all records of one,
-- each field from the record that survivorship prefers.
-- Grain: one row per organisation.
{{ config(
    materialized='steps',
    unique_key='organisation_id',
    golden_of='int_organisations__clustered',
    post_hook="delete from {{ this }} where organisation_id in (
        {{ gone_clusters('organisations') }}
    )",
    indexes=[{'columns': ['domain']}],
) }}

with

records as (

    select
        clustered.cluster_id,
        organisations.*
    from {{ ref('int_organisations__clustered') }} as clustered
    inner join {{ ref('int_organisations__current') }} as organisations
        on clustered.record_id = organisations.record_id
    where
        clustered.cluster_id in (
            {{ touched_customers('organisations') }}
        )
        and clustered.cluster_id not in (
            {{ gone_clusters('organisations') }}
        )

),

golden as (

    {{ identity.identity_survivors('organisations', 'records') }}

),

sizes as (

    select
        cluster_id,
        count(*) as record_count
    from records
    where not is_gone
    group by cluster_id

),

final as (

    select
        golden.cluster_id as organisation_id,
        golden.organisation_name,
        golden.domain,
        golden.phone,
        golden.street,
        golden.city,
        golden.state,
        golden.postcode,
        golden.country_code,
        golden.industry,
        golden.created_at as first_seen_at,
        sizes.record_count,
        golden.latest_file_id,
        golden._row_id,
        golden._file_id
    from golden
    inner join sizes on golden.cluster_id = sizes.cluster_id

)

select * from final
