-- Clear addresses and numbers of records as lists have them hashed: once for
-- each declared algorithm and form. What is nobody's has a hash and no
-- value, so that nothing is found by it. Empty until a list with hashes landed.
-- Grain: one row per record, kind, algorithm and form.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_id',
    indexes=[
        {'columns': ['record_id']},
        {'columns': ['hash']},
        {'columns': ['latest_file_id']},
    ],
    post_hook="delete from {{ this }} where hash is null",
) }}
{%- do ref('phone_plans') %}{# of some forms #}
{%- set tables, ways = [], [] %}
{%- for declared in declared_hashes() %}
{%- do tables.append(declared.source ~ '.' ~ declared.table) %}
{%- do ways.append((declared.of, declared.algorithm, declared.form)) %}
{%- endfor %}

with

-- the first list with hashes needs all records
lists as (

    select
        min(file_id) as first_file_id,
        case
            when min(file_id) > {{ watermark() }} then -1
            else {{ watermark() }}
        end as known_file_id
    from {{ ref('stg_ingest__files') }}
    where
        status = 'landed'
        and source_name || '.' || table_name in (
            '{{ tables | unique | sort | join("', '") }}'
        )

),

people as (

    select
        people.record_id,
        people.email,
        people.phone_e164 as phone,
        {{ is_nobodys('people.email', 'email') }} as is_nobodys_email,
        {{ is_nobodys('people.phone_e164', 'phone') }} as is_nobodys_phone,
        people.touched_file_id as latest_file_id
    from {{ ref('int_people__given') }} as people
    cross join lists
    where
        lists.first_file_id is not null
        and people.touched_file_id > lists.known_file_id

),

-- a delta replaces what records had that have nothing any more
final as (

    {% for kind, algorithm, form in ways | unique | sort -%}
    {{ 'union all' if not loop.first }}
    select
        record_id,
        '{{ kind }}' as kind,
        '{{ algorithm }}' as algorithm,
        '{{ form }}' as form,
        {{ hashed(hash_form(kind, form), algorithm) }} as hash,
        case when not is_nobodys_{{ kind }} then {{ kind }} end as value,
        latest_file_id
    from people
    where {{ kind }} is not null or {{ watermark() }} >= 0
    {% else -%}
    select
        record_id,
        cast(null as text) as kind,
        cast(null as text) as algorithm,
        cast(null as text) as form,
        cast(null as text) as hash,
        cast(null as text) as value,
        latest_file_id
    from people
    where 1 = 0
    {%- endfor %}

)

select * from final
