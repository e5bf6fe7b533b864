{#-
    The records of an entity with their fields brought to the forms that are
    compared. `relation` has record_number (an integer that stays with the
    record), its id, created_at, touched_file_id and the fields as given.
-#}
{% macro identity_records(entity, relation) -%}
{%- set configured = identity.identity_fields__given(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set apart = identity.identity_settings(entity).apart -%}
{#- What hardly two records share is read where it is, anything else once for
    each value, however many records have it. -#}
{%- set forms, own, common = {}, [], [] -%}
{%- for field in configured -%}
    {%- set is_own = field.kind in ['email', 'phone', 'hash', 'identifier'] -%}
    {%- do (own if is_own else common).append(field) -%}
    {%- do forms.update({field.name: identity.identity_records__forms(
        field, 'cleaned_' ~ field.name if is_own else 'cleaned'
    )}) -%}
{%- endfor -%}
{%- set emails = fields | selectattr('kind', 'equalto', 'email') | list -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set can_complete = emails and 'first_name' in kinds
    and 'last_name' in kinds -%}
with

given as (

    select
        record_number,
        {{ identity.identity_settings(entity).id }} as record_id,
        created_at,
        {%- if apart %}
        {{ apart }} as apart,
        {%- endif %}
        {%- for field in configured %}
        {{ field.name }} as given_{{ field.name }},
        {%- endfor %}
        touched_file_id as latest_file_id
    from {{ relation }}
    where touched_file_id > {{ watermark() }}

),

cleaned as (

    select
        given.*
        {%- for field in own %},
        {{ cleaning.clean_text('given.given_' ~ field.name) }} as cleaned_{{ field.name }}
        {%- endfor %}
    from given
    {{ cleaning.computed_once() }}

),

{%- for field in common %}
{{ field.name }}_values as (

    select
        value
        {%- for name, form in forms[field.name].items() %},
        {{ form }} as {{ name }}
        {%- endfor %}
    from (
        {{ identity.identity_records__cleaned(field) }}
        {{ cleaning.computed_once() }}
    ) as tidied
    {{ cleaning.computed_once() }}

),

{%- endfor %}

keyed as (

    select
        given.record_number,
        given.record_id,
        given.created_at,
        {%- if apart %}
        given.apart,
        {%- endif %}
        {%- for field in fields %}
        {%- set found = [] %}
        {%- for source in configured if field.name in forms[source.name] %}
        {%- do found.append(
            forms[source.name][field.name] if source in own
            else source.name ~ '_values.' ~ field.name
        ) %}
        {%- endfor %}
        {{ found[0] if found | length == 1
            else 'coalesce(' ~ found | join(', ') ~ ')' }} as {{ field.name }},
        {%- endfor %}
        given.latest_file_id
    from cleaned as given
    {%- for field in common %}
    left join {{ field.name }}_values
        on given.given_{{ field.name }} = {{ field.name }}_values.value
    {%- endfor %}
    {{ cleaning.computed_once() }}

),

addressed as (

    select
        keyed.*
        {%- for field in emails %},
        {{ cleaning.text_before(field.name, '@') }}
            as {{ field.name }}_mailbox,
        {{ cleaning.text_after(field.name, '@') }}
            as {{ field.name }}_domain
        {%- endfor %}
    from keyed
    {{ cleaning.computed_once() }}

),

{%- if can_complete %}
{#- A name that is missing or an initial, read from jane.smith@x.com. #}
lettered as (

    select
        addressed.*,
        case
            when
                length(coalesce(first_name, '')) < 2
                or length(coalesce(last_name, '')) < 2
                then rtrim(
                    {{ cleaning.fold_text(emails[0].name ~ '_mailbox') }}, '0123456789'
                )
        end as mailbox_letters
    from addressed
    {{ cleaning.computed_once() }}

),

{%- endif %}
completed as (

    select
        {%- for field in fields %}
        {%- if field.kind in ['first_name', 'last_name'] and can_complete %}
        {%- set other = 'last_name' if field.kind == 'first_name'
            else 'first_name' %}
        {%- set rest = "replace(mailbox_letters, " ~ other ~ ", '')" %}
        case
            when
                length(coalesce({{ field.name }}, '')) < 2
                and length({{ other }}) > 2
                and mailbox_letters like '%' || {{ other }} || '%'
                and {{ rest }} <> ''
                and {{ rest }} like coalesce({{ field.name }}, '') || '%'
                then {{ rest }}
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
        {%- if apart %}
        apart,
        {%- endif %}
        latest_file_id
    from {{ 'lettered' if can_complete else 'addressed' }}
    {{ cleaning.computed_once() }}

),

final as (

    select
        completed.record_number,
        completed.record_id,
        completed.created_at,
        {%- if apart %}
        completed.apart,
        {%- endif %}
        {%- for field in fields %}
        {%- if field.kind == 'email' %}
        {#- Spark joins for NOT IN row by row. #}
        {%- set n = 'completed.' ~ field.name %}
        case
            when {{ n }}_mailbox in (
                select mailbox from {{ ref(identity.identity_settings(entity).shared_mailboxes) }}
            ) then null
            else {{ n }}
        end as {{ field.name }},
        case
            when {{ n }}_mailbox in (
                select mailbox from {{ ref(identity.identity_settings(entity).shared_mailboxes) }}
            ) then null
            else {{ n }}_mailbox
        end as {{ field.name }}_mailbox,
        case
            when {{ n }}_domain in (
                select domain from {{ ref(identity.identity_settings(entity).email_providers) }}
            ) then null
            else {{ n }}_domain
        end as {{ field.name }}_domain,
        {%- elif field.kind == 'domain' %}
        case
            when completed.{{ field.name }} in (
                select domain from {{ ref(identity.identity_settings(entity).email_providers) }}
                union all
                select domain from {{ ref(identity.identity_settings(entity).platform_domains) }}
            ) then null
            else completed.{{ field.name }}
        end as {{ field.name }},
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
        from {{ ref(identity.identity_settings(entity).nicknames) }}
        group by nickname
    ) as nicknames
        on completed.first_name = nicknames.nickname
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- The differing values of a field, of which its forms are made. -#}
{% macro identity_records__cleaned(field) -%}
{%- if field.kind == 'company' -%}
select
            value,
            {{ identity.identity_records__counted(cleaning.company_name_key('cleaned')) }} as cleaned
        from (
            {{ identity.identity_records__cleaned({'name': field.name}) }}
            {{ cleaning.computed_once() }}
        ) as named
{%- else -%}
select
            value,
            {{ cleaning.clean_text('value') }} as cleaned
        from (
            select distinct given_{{ field.name }} as value from given
        ) as differing
{%- endif -%}
{%- endmacro %}


{#- Fund II is another one than Fund III, as are Fund 2 and Fund 3; Keller und Söhne
    is Keller & Söhne. -#}
{% macro identity_records__counted(name) -%}
{%- set olds, news = [], [] -%}
{%- for numeral in ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'] -%}
    {%- do olds.append(' ' ~ numeral ~ ' ') -%}
    {%- do news.append(' ' ~ loop.index ~ ' ') -%}
{%- endfor -%}
{%- for word in ['und', 'et', 'y', 'och', 'og'] -%}
    {%- do olds.append(' ' ~ word ~ ' ') -%}
    {%- do news.append(' ') -%}
{%- endfor -%}
trim({{ cleaning.replace_each(name ~ " || ' '", olds, news) }})
{%- endmacro %}


{#- What is compared of a field by name, from its text without missing markers. -#}
{% macro identity_records__forms(field, cleaned) -%}
    {%- if field.kind == 'first_name' -%}
        {{ return({'first_name': cleaning.name_key(cleaned)}) }}
    {%- elif field.kind == 'last_name' -%}
        {{ return({
            'last_name': cleaning.name_key(cleaned),
            'generation': cleaning.name_generation(cleaned),
        }) }}
    {%- elif field.kind == 'full_name' -%}
        {{ return({
            'first_name': cleaning.fold_text(cleaning.full_name_part(cleaned, 'first')),
            'last_name': cleaning.fold_text(cleaning.full_name_part(cleaned, 'last')),
            'generation': cleaning.name_generation(cleaned),
        }) }}
    {%- elif field.kind == 'email' -%}
        {{ return({field.name: cleaning.email_address(cleaned)}) }}
    {%- elif field.kind == 'domain' -%}
        {{ return({field.name: cleaning.clean_domain(cleaned)}) }}
    {%- elif field.kind == 'phone' -%}
        {{ return({field.name: cleaning.phone_digits(cleaned)}) }}
    {%- elif field.kind == 'date' -%}
        {{ return({field.name: cleaning.date_digits(cleaned)}) }}
    {%- elif field.kind == 'street' -%}
        {{ return({field.name: "replace(" ~ cleaning.fold_text(
            cleaning.street_key(cleaned)) ~ ", 'strasse', 'str')"}) }}
    {%- endif -%}
    {{ return({field.name: cleaning.fold_text(cleaned)}) }}
{%- endmacro %}
