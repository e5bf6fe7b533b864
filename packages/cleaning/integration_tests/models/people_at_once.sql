-- People as delivered, read by one call.
with

read_at_once as (

    {{ cleaning.read_columns(ref('people_delivered'), {
        'note_read': ['clean_text', 'note'],
        'name_read': ['clean_name', 'name'],
        'country_read': ['clean_text', 'country', [], ['na']],
        'email_read': ['clean_email', 'email'],
        'phone_read': cleaning.phone_e164('phone', 'country'),
        'seen_at': ['parse_timestamp', 'seen', '+02:00', 'dmy'],
        'born_on': ['parse_date', 'born', 'dmy'],
        'begun_on': ['parse_date', 'seen', 'dmy'],
        'spent_cents': ['parse_cents', 'spent', ','],
        'id_cents': ['parse_cents', 'id', ','],
        'is_customer_read': ['parse_boolean', 'is_customer'],
        'company_key': ['company_name_key', 'company'],
        'domain': ['clean_domain', 'website'],
    }, ['id']) }}

)

select
    id,
    note_read as note,
    name_read as name,
    email_read as email,
    phone_read as phone,
    seen_at,
    born_on,
    spent_cents,
    case is_customer_read when true then 'yes' when false then 'no' end
        as is_customer,
    company_key,
    domain
from read_at_once
