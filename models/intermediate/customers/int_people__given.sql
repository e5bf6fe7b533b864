-- Persons as sources name them, in one shape: contacts, leads, answers to
-- forms, customers and buyers. Of contacts these are the golden records of the
-- CRM. A record that was deleted, or that belongs to another one (its unit), is
-- known by its identifier alone.
-- Grain: one row per record that names a person.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_id',
    post_hook="{{ caught_up() }}",
    indexes=[
        {'columns': ['record_id'], 'unique': true},
        {'columns': ['record_number'], 'unique': true},
        {'columns': ['email_domain']},
        {'columns': ['email_hash']},
        {'columns': ['phone_hash']},
        {'columns': ['touched_file_id']},
    ],
) }}
{%- set names = {
    'first_name': 'first_name', 'last_name': 'last_name',
    'full_name': 'full_name', 'email': 'email', 'company_name': 'company',
    'country': 'country',
} %}
{#- Of each kind: its place among the numbers of records, the newest states,
    their key, the columns it has, and what is no person, or none any more. #}
{%- set kinds = {
    'lead': [
        2, ref('int_crm_leads__versioned'), 'lead_id', dict(
            names, title='title', phone='phone', created_at='created_date',
            changed_at='last_modified'
        ), 'coalesce(is_deleted, false)',
    ],
    'form_lead': [
        3, ref('int_form_leads__versioned'), 'lead_key', dict(
            names, email='coalesce(email, work_email)', title='title',
            phone='phone', city='city', created_at='submitted_at',
            changed_at='submitted_at'
        ), 'is_gone or coalesce(first_name, last_name, full_name, email,'
            ~ ' work_email, phone) is null or ' ~ is_test_answer(),
    ],
    'list_member': [
        4, ref('int_list_members__versioned'), 'member_key', dict(
            names, title='title', phone='coalesce(phone, mobile_phone)',
            city='city', created_at='created_at', changed_at='changed_at'
        ), 'is_gone or coalesce(first_name, last_name, full_name, email, phone,'
            ~ ' mobile_phone) is null',
    ],
    'shop_customer': [
        7, ref('int_shop_customers__versioned'), 'customer_key', dict(
            names, phone='phone', city='city', created_at='created_at',
            changed_at='valid_from'
        ), 'is_gone',
    ],
    'prospect_lead': [
        9, ref('int_salesforce_leads__versioned'), 'lead_id', {
            'first_name': 'first_name', 'last_name': 'last_name',
            'email': 'email', 'company_name': 'company', 'city': 'city',
            'country': "'US'", 'phone': 'coalesce(phone, mobile_phone)',
            'created_at': 'valid_from', 'changed_at': 'valid_from',
        }, 'coalesce(is_deleted, false)',
    ],
} %}
{%- set personal = ['first_name', 'last_name', 'full_name', 'title',
    'company_name', 'company_id', 'email', 'phone', 'city', 'email_hash',
    'phone_hash'] %}
{%- set unit_of_buyer -%}
case
            when not shops.is_gone
                then 'shop_customer:' || shops.customer_key
            else 'buyer:' || buyers.buyer_key
        end
{%- endset %}

with

contacts as (

    select
        {{ people_columns('contact', {
            'source_record_id': 'clustered.record_id',
            'unit_id': "'contact:' || clustered.cluster_id",
            'record_number': 'clustered.record_number * 16 + 1',
            'first_name': 'golden.first_name', 'last_name': 'golden.last_name',
            'title': 'golden.title', 'company_name': 'companies.company_name',
            'company_id': 'golden.company_id', 'email': 'golden.email',
            'phone': 'coalesce(golden.phone_e164, golden.source_phone)',
            'phone_e164': 'golden.phone_e164', 'city': 'golden.city',
            'country':
                'coalesce(companies.country_code, golden.source_country)',
            'is_gone': 'golden.contact_id is null',
            'created_at': 'golden.created_at',
            'changed_at': 'golden.updated_at',
            'latest_file_id':
                'coalesce(golden.latest_file_id, records.latest_file_id)',
            'touched_file_id': 'clustered.latest_file_id',
            '_row_id': 'abs(records._row_id)', '_file_id': 'records._file_id',
        }) }}
    from {{ ref('int_contacts__clustered') }} as clustered
    inner join {{ ref('int_contacts__current') }} as records
        on clustered.record_id = records.contact_id
    left join {{ ref('dim_contacts') }} as golden
        on clustered.record_id = golden.contact_id
    left join {{ ref('dim_companies') }} as companies
        on golden.company_id = companies.company_id
    where clustered.latest_file_id > {{ watermark() }}

),

{% for kind, (place, relation, key, columns, is_gone) in kinds.items() -%}
{{ kind }}s as (

    select
        {{ people_columns(kind, dict(
            columns, source_record_id=key,
            record_number='(
            select min(records._row_id) as first_row_id
            from ' ~ relation ~ ' as records
            where records.' ~ key ~ ' = states.' ~ key ~ ' and records._row_id > 0
        ) * 16 + ' ~ place,
            is_gone=is_gone, latest_file_id='states.latest_file_id',
            touched_file_id='states.latest_file_id',
            _row_id='abs(states._row_id)', _file_id='states._file_id'
        )) }}
    from {{ relation }} as states
    where
        states.row_status = 'current'
        and states.latest_file_id > {{ watermark() }}

),

{% endfor -%}
call_centre as (

    select
        {{ people_columns('call_centre', {
            'source_record_id': 'lead_number',
            'record_number': 'record_number * 16 + 5', 'city': 'city',
            'country': "'US'", 'email_hash': 'email_hash',
            'phone_hash': 'phone_hash', 'hash_table': "'leads.snapshots'",
            'is_gone': 'false', 'created_at': 'created_at',
            'changed_at': 'created_at', 'latest_file_id': 'touched_file_id',
            'touched_file_id': 'touched_file_id',
            '_row_id': 'abs(_row_id)', '_file_id': '_file_id',
        }) }}
    from {{ ref('int_leads__current') }}
    where touched_file_id > {{ watermark() }}

),

backend as (

    select
        {{ people_columns('backend', {
            'source_record_id': 'lead_uuid',
            'record_number': '(
            select min(records._row_id) as first_row_id
            from ' ~ ref('int_backend_leads__versioned') ~ ' as records
            where records.lead_uuid = states.lead_uuid and records._row_id > 0
        ) * 16 + 6',
            'country': "'US'",
            'email_hash': 'email_hash', 'phone_hash': 'phone_hash',
            'hash_table': "'leads.backend'", 'is_gone': 'false',
            'created_at': 'valid_from', 'changed_at': 'valid_from',
            'latest_file_id': 'states.latest_file_id',
            'touched_file_id': 'states.latest_file_id',
            '_row_id': 'abs(states._row_id)', '_file_id': 'states._file_id',
        }) }}
    from {{ ref('int_backend_leads__versioned') }} as states
    where
        states.row_status = 'current'
        and states.latest_file_id > {{ watermark() }}

),

customers as (

    select
        {{ people_columns('customer', {
            'source_record_id': 'entity_id',
            'record_number': '(
            select min(records._row_id) as first_row_id
            from ' ~ ref('int_sales_entities__versioned') ~ ' as records
            where
                records.entity_key = states.entity_key and records._row_id > 0
        ) * 16 + 8',
            'first_name': json_value('attributes', 'first_name'),
            'last_name': json_value('attributes', 'last_name'),
            'full_name': json_value('attributes', 'full_name'),
            'phone': json_value('attributes', 'phone'),
            'is_gone': 'is_gone',
            'created_at': json_value('attributes', 'joined_date'),
            'changed_at': 'valid_from',
            'latest_file_id': 'states.latest_file_id',
            'touched_file_id': 'states.latest_file_id',
            '_row_id': 'abs(states._row_id)', '_file_id': 'states._file_id',
        }) }}
    from {{ ref('int_sales_entities__versioned') }} as states
    where
        states.table_name = 'customers'
        and states.row_status = 'current'
        and states.latest_file_id > {{ watermark() }}

),

-- a buyer whom the shop has as a customer is that one
shops as (

    select
        customer_key,
        is_gone,
        latest_file_id
    from {{ ref('int_shop_customers__versioned') }}
    where row_status = 'current'

),

buyers as (

    select
        {{ people_columns('buyer', {
            'record_id': "'buyer:' || buyers.buyer_key",
            'source_record_id': 'buyers.source_record_id',
            'unit_id': unit_of_buyer,
            'record_number': 'buyers.record_number',
            'full_name': 'buyers.full_name', 'email': 'buyers.email',
            'country': 'buyers.country',
            'is_gone':
                'buyers.is_gone or shops.is_gone is not distinct from false',
            'created_at': 'buyers.created_at',
            'changed_at': 'buyers.changed_at',
            'latest_file_id': 'buyers.latest_file_id',
            'touched_file_id': cleaning.greatest_of([
                'buyers.latest_file_id', 'coalesce(shops.latest_file_id, 0)',
            ]),
            '_row_id': 'buyers._row_id', '_file_id': 'buyers._file_id',
        }) }}
    from {{ ref('int_buyers__named') }} as buyers
    left join shops on buyers.customer_id = shops.customer_key
    where
        buyers.latest_file_id > {{ watermark() }}
        or shops.latest_file_id > {{ watermark() }}

),

named as (

    select * from contacts
    union all
    {% for kind in kinds -%}
    select * from {{ kind }}s
    union all
    {% endfor -%}
    select * from call_centre
    union all
    select * from backend
    union all
    select * from customers
    union all
    select * from buyers

),

placed as (

    select
        named.*,
        case
            when named.is_gone then null
            when countries.country_code is not null
                then countries.country_code
            when length(named.country) = 2 then named.country
        end as country_code,
        {{ cleaning.lower_text(cleaning.text_after('named.email', '@')) }}
            as domain
    from named
    left join {{ ref('country_synonyms') }} as countries
        on {{ cleaning.lower_text('named.country') }} = countries.source_value
    {{ cleaning.computed_once() }}

),

final as (

    select
        record_id,
        record_kind,
        source_record_id,
        unit_id,
        record_number,
        {%- for column in personal %}
        case when not is_gone then {{ column }} end as {{ column }},
        {%- endfor %}
        country_code,
        case when not is_gone then {{ work_domain('domain') }} end
            as email_domain,
        case
            when is_gone then null
            -- the CRM has read its numbers
            when record_kind = 'contact' then phone_e164
            else {{ cleaning.phone_e164('phone', 'country_code') }}
        end as phone_e164,
        case when not is_gone then hash_table end as hash_table,
        is_gone,
        case
            when length(created_at) = 10
                then created_at || 'T00:00:00.000000Z'
            else created_at
        end as created_at,
        changed_at,
        latest_file_id,
        touched_file_id,
        _row_id,
        _file_id
    from placed

)

select * from final
