-- The sales team, cleaned and typed.
-- Grain: one row per record landed from the exports of the sales team.
{{ config(
    indexes=[{'columns': ['salesperson_id']}, {'columns': ['_file_id']}],
) }}
{%- set written = source_settings('sales', 'salespeople') %}

with

source as (

    select * from {{ source('sales', 'salespeople') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_name('first_name') }} as given_first_name,
        {{ cleaning.clean_name('last_name') }} as given_last_name,
        {{ cleaning.clean_text('manager_id') }} as given_manager_id,
        {{ cleaning.clean_text('is_manager') }} as given_is_manager,
        {{ cleaning.clean_text('address') }} as given_address,
        {{ cleaning.clean_text('postal_code') }} as given_postal_code,
        {{ cleaning.clean_text('joined_date') }} as given_joined_date,
        {{ given_business_time('sales', 'salespeople') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.parse_boolean('given_is_manager') }} as is_manager,
        {{ cleaning.parse_date('given_joined_date', written.date_order) }}
            as joined_date
    from given
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        given_id as salesperson_id,
        given_manager_id as source_manager_id,

        ---------- text
        nullif(trim(
            coalesce(given_first_name, '') || ' '
            || coalesce(given_last_name, '')
        ), '') as full_name,
        given_first_name as first_name,
        given_last_name as last_name,
        given_address as address,
        given_postal_code as postal_code,

        ---------- booleans
        is_manager,

        ---------- dates
        joined_date,

        ---------- quality and lineage
        {{ row_findings(required_findings('sales', 'salespeople') + [
            ['boolean_unreadable', 'is_manager',
                unreadable('is_manager', 'is_manager')],
            ['date_unreadable', 'joined_date',
                unreadable('joined_date', 'joined_date')],
            ['date_in_future', 'joined_date', in_future('joined_date')],
        ]) }} as _findings,
        {{ business_time('sales', 'salespeople') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
