-- Sales people and other users of the CRM, former ones too: those delivered,
-- and those only named on records.
-- Grain: one row per owner.
with

delivered as (

    select * from {{ ref('int_owners__versioned') }}
    where row_status = 'current'

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}
    where entity = 'owners'

),

said as (

    select
        *,
        substr(
            source_owner, length(source_owner) - length(owner) + 1
        ) = owner as is_identifier
    from {{ ref('int_owners__named') }}

),

-- by name rather than by what is its identifier
named as (

    select
        said.*,
        coalesce(aliases.record_id, said.source_owner) as owner_id,
        row_number() over (
            partition by said.source_owner
            order by said.is_identifier, said._file_id, said._row_id
        ) as place
    from said
    left join aliases on said.source_owner = aliases.alias_id

),

former as (

    select owner_id
    from named
    where is_former
    group by owner_id

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

owners as (

    select
        owner_id,
        coalesce(name, email) as owner_name,
        email,
        case
            when
                is_gone
                or (
                    is_active is null
                    and owner_id in (select former.owner_id from former)
                )
                then false
            else is_active
        end as is_active,
        true as is_delivered,
        abs(_row_id) as _row_id,
        _file_id
    from delivered

    union all

    select
        named.source_owner as owner_id,
        named.owner as owner_name,
        case when named.owner like '%_@_%' then named.owner end as email,
        case
            when named.owner_id in (select former.owner_id from former)
                then false
        end as is_active,
        false as is_delivered,
        named._row_id,
        named._file_id
    from named
    left join delivered on named.owner_id = delivered.owner_id
    where
        delivered.owner_id is null
        and named.place = 1
        and named.owner_id = named.source_owner

),

final as (

    select
        owners.owner_id,
        owners.owner_name,
        case
            when count(*) over (partition by owners.owner_name) = 1
                then coalesce(owners.owner_name, owners.owner_id)
            when
                count(*) over (
                    partition by owners.owner_name, owners.email
                ) = 1
                and owners.email is not null
                then owners.owner_name || ' (' || owners.email || ')'
            when
                count(*) over (
                    partition by owners.owner_name, files.instance_name
                ) = 1
                and files.instance_name is not null
                then owners.owner_name || ' (' || files.instance_name || ')'
            else coalesce(owners.owner_name || ' ', '')
                || '(' || owners.owner_id || ')'
        end as owner_label,
        owners.email,
        owners.is_active,
        owners.is_delivered,
        files.source_name,
        files.instance_name,
        owners._row_id,
        owners._file_id
    from owners
    left join files on owners._file_id = files.file_id

)

select * from final
