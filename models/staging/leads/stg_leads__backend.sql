-- Leads as the backend knows them, cleaned.
-- Grain: one row per record landed from the backend's files.
{{ config(indexes=[{'columns': ['lead_uuid']}, {'columns': ['_file_id']}]) }}

with

source as (

    select * from {{ source('leads', 'backend') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('lead_uuid') }} as given_lead_uuid,
        {{ cleaning.clean_text('email_hash') }} as given_email_hash,
        {{ cleaning.clean_text('phone_hash') }} as given_phone_hash,
        {{ given_business_time('leads', 'backend') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.clean_hash('given_email_hash') }} as email_hash,
        {{ cleaning.clean_hash('given_phone_hash') }} as phone_hash
    from given
    {{ cleaning.computed_once() }}

),

final as (

    select
        {{ cleaning.lower_text('given_lead_uuid') }} as lead_uuid,
        email_hash,
        phone_hash,

        ---------- quality and lineage
        {{ row_findings(required_findings('leads', 'backend', 'lead_uuid') + [
            ['hash_malformed', 'email_hash',
                unreadable('email_hash', 'email_hash')],
            ['hash_malformed', 'phone_hash',
                unreadable('phone_hash', 'phone_hash')],
        ]) }} as _findings,
        {{ business_time('leads', 'backend') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
