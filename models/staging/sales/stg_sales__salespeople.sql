-- The sales team, cleaned and typed.
-- Grain: one row per record landed from the exports of the sales team.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['salesperson_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('sales', 'salespeople') %}

with

source as (

    select * from {{ source('sales', 'salespeople') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_first_name': ['clean_name', 'first_name'],
        'given_last_name': ['clean_name', 'last_name'],
        'given_manager_id': ['clean_text', 'manager_id'],
        'given_is_manager': ['clean_text', 'is_manager'],
        'given_address': ['clean_text', 'address'],
        'given_postal_code': ['clean_text', 'postal_code'],
        'given_joined_date': ['clean_text', 'joined_date'],
    }, **given_business_time('sales', 'salespeople')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'is_manager': ['parse_boolean', 'given_is_manager'],
        'joined_date': ['parse_date', 'given_joined_date', written.date_order],
        '_changed_at': business_time('sales', 'salespeople'),
    }) }}

),

final as (

    select
        ---------- ids
        given_id as salesperson_id,
        {{ kept_id('given_manager_id') }} as source_manager_id,

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
            ['reference_rounded', 'manager_id',
                is_rounded_id('given_manager_id')],
            ['boolean_unreadable', 'is_manager',
                unreadable('is_manager', 'is_manager')],
            ['date_unreadable', 'joined_date',
                unreadable('joined_date', 'joined_date')],
            ['date_in_future', 'joined_date', in_future('joined_date')],
        ]) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
