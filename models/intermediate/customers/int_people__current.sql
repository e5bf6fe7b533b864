-- Persons as sources name them, with what identity resolution compares: the
-- clear address and number of a list that has them hashed, how far the source
-- is trusted, and the organisation that the record is of.
-- Grain: one row per record that names a person.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_id',
    indexes=[
        {'columns': ['record_id'], 'unique': true},
        {'columns': ['record_number']},
        {'columns': ['organisation_record_id']},
        {'columns': ['touched_file_id']},
    ],
) }}

with

hashes as (

    select * from {{ ref('int_people__hashes') }}

),

touched as (

    select record_id from {{ ref('int_people__given') }}
    where touched_file_id > {{ watermark() }}
    {% for kind in ['email', 'phone'] -%}
    union
    select people.record_id
    from hashes
    inner join {{ ref('int_people__given') }} as people
        on hashes.hash = people.{{ kind }}_hash
    where
        hashes.kind = '{{ kind }}'
        and hashes.latest_file_id > {{ watermark() }}
    {% endfor %}
),

people as (

    select * from {{ ref('int_people__given') }}
    where record_id in (select touched.record_id from touched)

),

files as (

    select
        file_id,
        coalesce(id_scope, source_name) as named
    from {{ ref('stg_ingest__files') }}

),

final as (

    select
        people.record_id,
        people.record_kind,
        people.source_record_id,
        people.unit_id,
        people.record_number,
        files.named as source_name,
        people.first_name,
        people.last_name,
        people.full_name,
        people.title,
        people.company_name,
        coalesce(people.email, emails.value) as email,
        people.email_domain,
        coalesce(people.phone, phones.value) as phone,
        coalesce(people.phone_e164, phones.value) as phone_e164,
        people.city,
        people.country_code,
        case
            when people.company_id is not null
                then 'company:' || people.company_id
            when people.company_name is not null
                or people.email_domain is not null
                then 'named:' || people.record_id
        end as organisation_record_id,
        {{ one_each('people', 'people.record_kind', 'files.named') }}
            as one_each,
        coalesce(own.place, common.place, 100) as trust,
        people.is_gone,
        people.created_at,
        people.changed_at,
        people.latest_file_id,
        {{ cleaning.greatest_of([
            'people.touched_file_id', 'coalesce(emails.latest_file_id, 0)',
            'coalesce(phones.latest_file_id, 0)',
        ]) }} as touched_file_id,
        people._row_id,
        people._file_id
    from people
    inner join files on people._file_id = files.file_id
    left join hashes as emails
        on people.email_hash = emails.hash and emails.kind = 'email'
    left join hashes as phones
        on people.phone_hash = phones.hash and phones.kind = 'phone'
    left join {{ ref('source_trust') }} as own
        on
            people.record_kind = own.record_kind
            and files.named = own.source_name
    left join {{ ref('source_trust') }} as common
        on
            people.record_kind = common.record_kind
            and common.source_name = '*'

)

select * from final
