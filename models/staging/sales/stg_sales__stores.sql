-- Stores, cleaned and typed.
-- Grain: one row per record landed from the store exports.
{{ config(indexes=[{'columns': ['store_id']}, {'columns': ['_file_id']}]) }}
{%- set written = source_settings('sales', 'stores') %}

with

source as (

    select * from {{ source('sales', 'stores') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_text('address') }} as given_address,
        {{ cleaning.clean_text('postal_code') }} as given_postal_code,
        {{ cleaning.clean_name('manager_name') }} as given_manager_name,
        {{ cleaning.clean_text('opened_date') }} as given_opened_date,
        {{ cleaning.clean_text('reviews') }} as given_reviews,
        {{ given_business_time('sales', 'stores') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.parse_date('given_opened_date', written.date_order) }}
            as opened_date
    from given
    {{ cleaning.computed_once() }}

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
        {{ business_time('sales', 'stores') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
