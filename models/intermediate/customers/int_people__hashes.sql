-- Hashes that lists deliver, with the clear address or number that each is of,
-- if any record has it. A placeholder (the hash of a missing marker, of
-- 0000000000, of noemail@…) is nobody's: nothing is matched by it.
-- Grain: one row per kind (email, phone) and delivered hash.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['kind', 'hash'],
    indexes=[
        {'columns': ['hash', 'kind'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
    post_hook=["{{ forget_undelivered_hashes() }}", "{{ renew_hashes() }}"],
) }}
{%- set people = ref('int_people__given') %}
{%- set clear = ref('int_people__hashed') %}
{%- set kinds = ['email', 'phone'] %}
{%- set tables = {'email': [''], 'phone': ['']} %}
{%- for declared in declared_hashes() %}
{%- do tables[declared.of].append(declared.source ~ '.' ~ declared.table) %}
{%- endfor %}

with

touched as (

    {% for kind in kinds -%}
    {{ 'union' if not loop.first }}
    select
        '{{ kind }}' as kind,
        {{ kind }}_hash as hash
    from {{ people }}
    where
        {{ kind }}_hash is not null
        and hash_table in ('{{ tables[kind] | unique | join("', '") }}')
        and touched_file_id > {{ watermark() }}
    {% endfor -%}
    union
    select
        kind,
        hash
    from {{ clear }}
    where {{ watermark() }} >= 0 and latest_file_id > {{ watermark() }}

),

delivered as (

    {% for kind in kinds -%}
    {{ 'union all' if not loop.first }}
    select
        touched.kind,
        touched.hash,
        max(people.touched_file_id) as latest_file_id
    from touched
    inner join {{ people }} as people on touched.hash = people.{{ kind }}_hash
    where
        touched.kind = '{{ kind }}'
        and people.hash_table in ('{{ tables[kind] | unique | join("', '") }}')
    group by touched.kind, touched.hash
    {% endfor %}
),

placeholders as (

    {{ hash_placeholders() }}

),

found as (

    select
        delivered.kind,
        delivered.hash,
        min(clear.algorithm) as algorithm,
        min(clear.form) as form,
        min(clear.value) as value,
        max(clear.latest_file_id) as latest_file_id
    from delivered
    inner join {{ clear }} as clear
        on delivered.hash = clear.hash and delivered.kind = clear.kind
    where
        delivered.hash not in (select placeholders.hash from placeholders)
    group by delivered.kind, delivered.hash

),

final as (

    select
        delivered.kind,
        delivered.hash,
        found.algorithm,
        found.form,
        found.value,
        delivered.hash in (select placeholders.hash from placeholders)
        or (found.form is not null and found.value is null) as is_placeholder,
        {{ cleaning.greatest_of([
            'delivered.latest_file_id', 'coalesce(found.latest_file_id, 0)',
        ]) }} as latest_file_id
    from delivered
    left join found
        on delivered.hash = found.hash and delivered.kind = found.kind

)

select * from final
