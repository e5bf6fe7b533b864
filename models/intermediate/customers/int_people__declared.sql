-- Persons of whom sources say that they are one: a lead and the contact that it
-- became, leads that the call centre or its backend hold to be one, and an
-- order by the address of a customer of the same shop.
-- Grain: one row per pair of records and evidence.
{{ config(materialized='view') }}

with

people as (

    select
        record_id,
        record_kind,
        source_record_id,
        source_name,
        {{ cleaning.lower_text('email') }} as email
    from {{ ref('int_people__current') }}
    where not is_gone

),

converted as (

    {{ converted_leads(
        'contacts', 'source_converted_contact_id',
        'lead', 'contact'
    ) }}

),

listed as (

    select
        'call_centre:' || record_id as record_id,
        'call_centre:' || cluster_id as other_record_id,
        'one lead of the call centre' as reason
    from {{ ref('int_leads__clustered') }}
    where record_id <> cluster_id

),

of_backend as (

    select distinct
        'call_centre:' || lead_number as record_id,
        'backend:' || lead_uuid as other_record_id,
        'matched by the backend' as reason
    from {{ ref('int_lead_snapshots__matched') }}
    where row_status = 'current' and lead_uuid is not null

),

addressed as (

    select
        buyers.record_id,
        customers.record_id as other_record_id,
        'address of a customer of the shop' as reason
    from people as buyers
    inner join people as customers
        on
            buyers.email = customers.email
            and buyers.source_name = customers.source_name
    where
        buyers.record_kind = 'buyer'
        and customers.record_kind = 'shop_customer'

),

links as (

    select * from converted
    union all
    select * from listed
    union all
    select * from of_backend
    union all
    select * from addressed

),

final as (

    select
        record_id,
        other_record_id,
        'same' as decision,
        'its source' as decided_by,
        reason
    from links

)

select * from final
