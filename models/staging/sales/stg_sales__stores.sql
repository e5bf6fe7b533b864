-- Stores, cleaned and typed.
-- Grain: one row per record landed from the store exports.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['store_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('sales', 'stores') %}

with

source as (

    select * from {{ source('sales', 'stores') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_address': ['clean_text', 'address'],
        'given_postal_code': ['clean_text', 'postal_code'],
        'given_manager_name': ['clean_name', 'manager_name'],
        'given_opened_date': ['clean_text', 'opened_date'],
        'given_reviews': ['clean_text', 'reviews'],
    }, **given_business_time('sales', 'stores')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'opened_date': ['parse_date', 'given_opened_date', written.date_order],
        '_changed_at': business_time('sales', 'stores'),
    }) }}

),

final as (

    select
        ---------- ids
        given_id as store_id,

        ---------- text
        given_address as address,
        given_postal_code as postal_code,
        given_manager_name as manager_name,
        given_reviews as reviews,

        ---------- dates
        opened_date,

        ---------- quality and lineage
        {{ row_findings(required_findings('sales', 'stores') + [
            ['date_unreadable', 'opened_date',
                unreadable('opened_date', 'opened_date')],
        ]) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
