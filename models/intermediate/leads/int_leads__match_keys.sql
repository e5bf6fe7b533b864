-- Every hash the backend ever gave, with the one lead it stands for now: none
-- if it was replaced, is given to several leads, or its lead contradicts itself
-- within one file. A placeholder, such as the hash of `null`, is no lead's.
-- Grain: one row per kind of hash and hash.
{{ config(indexes=[
    {'columns': ['match_hash', 'match_kind'], 'unique': true},
    {'columns': ['latest_file_id']},
]) }}

with

versions as (

    select
        lead_uuid,
        email_hash,
        phone_hash,
        row_status,
        _file_id,
        lead(_file_id) over in_order as next_file_id,
        lag(_file_id) over in_order as previous_file_id
    from {{ ref('int_backend_leads__versioned') }}
    where row_status in ('current', 'superseded')
    window in_order as (partition by lead_uuid order by version_number)

),

placeholders as (

    {{ hash_placeholders() }}

),

hashes as (

    {% for kind in ['email', 'phone'] -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ kind }}' as match_kind,
        {{ kind }}_hash as match_hash,
        case
            when
                row_status = 'current'
                and _file_id is distinct from previous_file_id
                then lead_uuid
        end as lead_uuid,
        case
            when next_file_id > _file_id then next_file_id else _file_id
        end as changed_file_id
    from versions
    where
        {{ kind }}_hash is not null
        and {{ kind }}_hash not in (select placeholders.hash from placeholders)
    {% endfor %}

),

final as (

    select
        match_kind,
        match_hash,
        case when count(distinct lead_uuid) = 1 then min(lead_uuid) end
            as lead_uuid,
        count(distinct lead_uuid) as lead_count,
        max(changed_file_id) as latest_file_id
    from hashes
    group by match_kind, match_hash

)

select * from final
