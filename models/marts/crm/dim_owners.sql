-- Sales people and other users of the CRM, former ones too: those delivered,
-- and those only named on records.
-- Grain: one row per owner.
with

delivered as (

    select * from {{ ref('int_owners__versioned') }}
    where row_status = 'current'

),

named as (

    select * from {{ ref('int_owners__named') }}

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}
    where entity = 'owners'

),

files as (

    select * from {{ ref('fct_ingest_files') }}

),

owners as (

    select
        owner_id,
        coalesce(name, email) as owner_name,
        email,
        case when is_gone then false else is_active end as is_active,
        true as is_delivered,
        abs(_row_id) as _row_id,
        _file_id
    from delivered

    union all

    select
        named.source_owner as owner_id,
        named.owner as owner_name,
        case when named.owner like '%_@_%' then named.owner end as email,
        cast(null as boolean) as is_active,
        false as is_delivered,
        named._row_id,
        named._file_id
    from named
    left join delivered on named.source_owner = delivered.owner_id
    left join aliases on named.source_owner = aliases.alias_id
    where delivered.owner_id is null and aliases.record_id is null

),

final as (

    select
        owners.owner_id,
        owners.owner_name,
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
