-- Rows of the registers with the version of the organisation that each stands
-- for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='org_id',
    indexes=[
        {'columns': ['org_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}
{%- set targets = register_targets() %}
{%- set columns = {'org_id': none, 'register': none} %}
{%- for target in targets -%}{%- do columns.update({target: target}) -%}{%- endfor %}
{%- do columns.update({
    'name_key': 'company', 'street_key': 'address1', '_findings': none,
}) %}
{%- set types = {
    'capacity': 'bigint', 'min_age': 'bigint', 'max_age': 'bigint',
    'accepts_financial_aid': 'boolean',
} %}
{#- As text, which JSON of all engines writes alike -#}
{%- set state = [] %}
{%- for target in targets -%}
{%- do state.append(
    "case when " ~ target ~ " then 'true' when not " ~ target
    ~ " then 'false' end" if types.get(target) == 'boolean'
    else 'cast(' ~ target ~ ' as text)' if target in types else target
) -%}
{%- endfor %}

with

delivered as (

    {{ touched_rows(ref('int_prospects__unified'), 'org_id') }}

),

mapped as (

    -- which targets a header of the file fills
    select
        _file_id,
        register
        {%- for target in targets %},
        max(
            case
                when
                    target_column = '{{ target }}'
                    and coalesce(
                        {%- for position in range(1, register_inputs() + 1) %}
                        path_{{ position }}{{ ',' if not loop.last }}
                        {%- endfor %}
                    ) is not null
                    then 1
                else 0
            end
        ) as has_{{ target }}
        {%- endfor %}
    from {{ ref('int_prospects__file_mappings') }}
    group by _file_id, register

),

lacking as (

    select
        _file_id
        {%- for target in targets %},
        case
            when
                has_{{ target }} = 0
                and max(has_{{ target }}) over (partition by register) = 1
                then 1
            else 0
        end as lacks_{{ target }}
        {%- endfor %}
    from mapped

),

files as (

    select
        arrivals.file_id,
        arrivals.arrived_at,
        {%- for target in targets %}
        coalesce(lacking.lacks_{{ target }}, 0) as lacks_{{ target }},
        {%- endfor %}
        case
            when
                {%- for target in targets %}
                {{ 'or ' if not loop.first -}}
                lacking.lacks_{{ target }} = 1
                {%- endfor %}
                then 1
            else 0
        end as has_gaps
    from ({{ delivered_files('prospects', 'registers') }}) as arrivals
    left join lacking on arrivals.file_id = lacking._file_id

),

versioned as (

    {{ version_rows(
        'delivered', key='org_id', columns=columns, state=state, types=types
    ) }}

),

final as (

    select
        org_id,
        register,
        {%- for target in targets %}
        {{ target }},
        {%- endfor %}
        {{ json_array_text(state) }} as state_key,
        name_key,
        street_key,
        version_number,
        row_status,
        valid_from,
        latest_file_id,
        _findings,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned

)

select * from final
