-- Leads as the backend knows them, cleaned.
-- Grain: one row per record landed from the backend's files.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['lead_uuid']},
    {'columns': ['_file_id']},
]) }}

with

source as (

    select * from {{ source('leads', 'backend') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_lead_uuid': ['clean_text', 'lead_uuid'],
        'given_email_hash': ['clean_text', 'email_hash'],
        'given_phone_hash': ['clean_text', 'phone_hash'],
    }, **given_business_time('leads', 'backend')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'email_hash': ['clean_hash', 'given_email_hash'],
        'phone_hash': ['clean_hash', 'given_phone_hash'],
        '_changed_at': business_time('leads', 'backend'),
    }) }}

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
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
