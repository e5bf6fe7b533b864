-- Contacts: one golden record for all records of a person, each field from the
-- record that survivorship prefers, with a dialable number.
-- Grain: one row per contact.
{{ config(
    materialized='steps',
    unique_key='contact_id',
    golden_of='int_contacts__clustered',
    post_hook="delete from {{ this }} where contact_id in (
        {{ gone_clusters('contacts') }}
    )",
    indexes=[{'columns': ['email']}, {'columns': ['latest_file_id']}],
) }}

with

records as (

    select
        clustered.cluster_id,
        contacts.*
    from {{ ref('int_contacts__clustered') }} as clustered
    inner join {{ ref('int_contacts__current') }} as contacts
        on clustered.record_id = contacts.contact_id
    where
        clustered.cluster_id in (
            select touched.cluster_id
            from {{ ref('int_contacts__clustered') }} as touched
            where touched.latest_file_id > {{ watermark() }}
        )
        and clustered.cluster_id not in (
            {{ gone_clusters('contacts') }}
        )

),

golden as (

    {{ identity.identity_survivors('contacts', 'records') }}

),

final as (

    select
        cluster_id as contact_id,
        company_id,
        owner_id,
        first_name,
        last_name,
        email,
        phone_e164,
        title,
        status,
        lead_status,
        lead_source,
        city,
        state,
        source_country,
        created_at,
        updated_at,
        source_company_id,
        source_phone,
        source_status,
        source_lead_source,
        latest_file_id,
        _row_id,
        _file_id
    from golden

)

select * from final
