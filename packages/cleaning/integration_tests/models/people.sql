-- People as delivered, read by the package.
select
    id,
    {{ cleaning.clean_text('note') }} as note,
    {{ cleaning.clean_name('name') }} as name,
    {{ cleaning.clean_email('email') }} as email,
    {{ cleaning.phone_e164('phone', 'country') }} as phone,
    {{ cleaning.parse_timestamp('seen', '+02:00', 'dmy') }} as seen_at,
    {{ cleaning.parse_date('born', 'dmy') }} as born_on,
    {{ cleaning.parse_cents('spent', ',') }} as spent_cents,
    case {{ cleaning.parse_boolean('is_customer') }}
        when true then 'yes' when false then 'no'
    end as is_customer,
    {{ cleaning.company_name_key('company') }} as company_key,
    {{ cleaning.clean_domain('website') }} as domain
from {{ ref('people_delivered') }}
