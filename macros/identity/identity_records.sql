{#-
    The records of an entity with their fields brought to the forms that are
    compared. `relation` has record_number (an integer that stays with the
    record), its id, created_at, touched_file_id and the fields as given.
-#}
{% macro identity_records(entity, relation) -%}
{%- set configured = identity_settings(entity).fields -%}
{%- set given = {} -%}
{%- for field in configured -%}
    {%- do given.setdefault(field.kind, field.name) -%}
{%- endfor -%}
{%- set fields = identity_fields(entity) -%}
{%- set emails = fields | selectattr('kind', 'equalto', 'email') | list -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set can_complete = emails and 'first_name' in kinds
    and 'last_name' in kinds -%}
with

given as (

    select
        record_number,
        {{ identity_settings(entity).id }} as record_id,
        created_at,
        touched_file_id as latest_file_id,
        {%- for field in configured %}
        {{ clean_text(field.name) }} as given_{{ field.name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where touched_file_id > {{ watermark() }}
    {{ computed_once() }}

),

keyed as (

    select
        record_number,
        record_id,
        created_at,
        latest_file_id,
        {%- for field in fields %}
        {{ identity_records__key(field, given) }} as {{ field.name }},
        {%- endfor %}
        0 as is_keyed
    from given
    {{ computed_once() }}

),

addressed as (

    select
        keyed.*
        {%- for field in emails %},
        {{ text_before(field.name, '@') }}
            as {{ field.name }}_mailbox,
        {{ text_after(field.name, '@') }}
            as {{ field.name }}_domain
        {%- endfor %}
    from keyed
    {{ computed_once() }}

),

{#- A name that is missing or an initial, read from jane.smith@x.com. #}
completed as (

    select
        {%- for field in fields %}
        {%- if field.kind in ['first_name', 'last_name'] and can_complete %}
        {%- set other = 'last_name' if field.kind == 'first_name'
            else 'first_name' %}
        case
            when
                length(coalesce({{ field.name }}, '')) < 2
                and length({{ other }}) > 2
                and {{ emails[0].name }}_mailbox is not null
                then coalesce(
                    {{ identity_records__completed(
                        field.name, other, emails[0].name ~ '_mailbox'
                    ) }},
                    {{ field.name }}
                )
            else {{ field.name }}
        end as {{ field.name }},
        {%- else %}
        {{ field.name }},
        {%- endif %}
        {%- endfor %}
        {%- for field in emails %}
        {{ field.name }}_mailbox,
        {{ field.name }}_domain,
        {%- endfor %}
        record_number,
        record_id,
        created_at,
        latest_file_id
    from addressed
    {{ computed_once() }}

),

final as (

    select
        completed.record_number,
        completed.record_id,
        completed.created_at,
        {%- for field in fields %}
        {%- if field.kind == 'email' %}
        {%- set n = 'completed.' ~ field.name %}
        case
            when {{ n }}_mailbox not in (
                select mailbox from {{ ref('shared_mailboxes') }}
            ) then {{ n }}
        end as {{ field.name }},
        case
            when {{ n }}_mailbox not in (
                select mailbox from {{ ref('shared_mailboxes') }}
            ) then {{ n }}_mailbox
        end as {{ field.name }}_mailbox,
        case
            when {{ n }}_domain not in (
                select domain from {{ ref('email_providers') }}
            ) then {{ n }}_domain
        end as {{ field.name }}_domain,
        {%- elif field.kind == 'first_name' %}
        completed.first_name,
        coalesce(nicknames.first_name, completed.first_name) as formal_name,
        {%- else %}
        completed.{{ field.name }},
        {%- endif %}
        {%- endfor %}
        completed.latest_file_id
    from completed
    {%- if fields[0].kind == 'first_name' %}
    left join (
        select
            nickname,
            min(first_name) as first_name
        from {{ ref('nicknames') }}
        group by nickname
    ) as nicknames
        on completed.first_name = nicknames.nickname
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- A field as given in the form in which it is compared. -#}
{% macro identity_records__key(field, given) -%}
{%- set x = 'given_' ~ field.name -%}
{%- if field.kind in ['first_name', 'last_name'] -%}
    {%- set forms = [] -%}
    {%- if field.kind in given -%}
        {%- do forms.append(name_key('given_' ~ given[field.kind])) -%}
    {%- endif -%}
    {%- if 'full_name' in given -%}
        {%- do forms.append(fold_text(full_name_part(
            'given_' ~ given.full_name, field.kind.split('_')[0]
        ))) -%}
    {%- endif -%}
    {{ forms[0] if forms | length == 1 else 'coalesce(' ~ forms | join(', ') ~ ')' }}
{%- elif field.kind == 'generation' -%}
    {{ name_generation(
        'given_' ~ (given.get('last_name') or given.get('full_name'))
    ) }}
{%- elif field.kind == 'email' -%}
    {{ email_address(x) }}
{%- elif field.kind == 'phone' -%}
    {{ phone_digits(x) }}
{%- elif field.kind == 'company' -%}
    {{ fold_text(company_name_key(x)) }}
{%- elif field.kind == 'date' -%}
    {{ date_digits(x) }}
{%- else -%}
    {{ fold_text(x) }}
{%- endif -%}
{%- endmacro %}


{#- What a mailbox says beside the other name: jane, of jane.smith and smith. -#}
{% macro identity_records__completed(name, other, mailbox) -%}
(
    with
    given as (
        select rtrim({{ fold_text(mailbox) }}, '0123456789') as v
    ),
    rest as (
        select replace(v, {{ other }}, '') as v
        from given
        where v like '%' || {{ other }} || '%'
    )
    select v
    from rest
    where v <> '' and v like coalesce({{ name }}, '') || '%'
)
{%- endmacro %}
