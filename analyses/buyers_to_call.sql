-- Whom should we call? Organisations that buy and have no open deal, those that
-- bought last first, with who answers for them.
with

space as (

    select * from {{ ref('rpt_whitespace') }}
    where whitespace_kind = 'no_open_deal'

),

owners as (

    select * from {{ ref('dim_owners') }}

)

select
    space.organisation_id,
    space.organisation_name,
    owners.owner_name as owner,
    substr(space.last_purchase_at, 1, 10) as last_purchase_on,
    space.purchase_count as purchases,
    case
        when space.currency_count > 1 then 'several' else space.currency_code
    end as currency,
    space.amount as brought
from space
left join owners on space.owner_id = owners.owner_id
order by
    space.last_purchase_at desc nulls last, space.organisation_id asc
