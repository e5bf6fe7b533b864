-- What each distinct record of the registers says, in one shape, as its mapping
-- has it: taken apart by target, each value read by its transform, and put
-- together.
-- Grain: one row per register and distinct record.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['_row_id'], 'unique': true}],
) }}
{%- set positions = range(1, register_inputs() + 1) %}
{%- set targets = register_targets() %}
{%- set transforms = register_transforms() %}
{%- set is_split = "transform in ('address_street', 'address_unit',"
    ~ " 'address_city')" %}

with

registers as (

    select * from {{ ref('int_prospects__distinct_records') }}
    where _file_id > {{ watermark() }}

),

mappings as (

    select * from {{ ref('int_prospects__file_mappings') }}
    where _file_id > {{ watermark() }}

),

taken as (

    select
        registers._row_id,
        mappings.target_column,
        mappings.source_columns,
        mappings.transform,
        mappings.arguments,
        {%- for position in positions %}
        {{ json_at('registers.record', 'mappings.path_' ~ position) }}
            as given_{{ position }}{{ ',' if not loop.last }}
        {%- endfor %}
    from registers
    inner join mappings on registers._file_id = mappings._file_id
    {{ cleaning.computed_once() }}

),

cleaned as (

    select
        *,
        {%- for position in positions %}
        {{ cleaning.clean_text('given_' ~ position) }} as value_{{ position }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from taken
    {{ cleaning.computed_once() }}

),

several as (

    -- what several columns together say
    select
        *,
        case
            when
                arguments is not null
                and {{ cleaning.lower_text(
                    'substr(value_1, 1, length(arguments))'
                ) }}
                = {{ cleaning.lower_text('arguments') }}
                then ltrim(substr(value_1, length(arguments) + 1), ' :#-')
            else value_1
        end as unlabelled,
        case
            when transform = 'join'
                then
                    nullif(substr(
                        {%- for position in positions %}
                        {{ '|| ' if not loop.first -}}
                        coalesce(
                            coalesce(arguments, ' ') || value_{{ position }}, ''
                        )
                        {%- endfor %},
                        length(coalesce(arguments, ' ')) + 1
                    ), '')
        end as joined,
        case
            when transform = 'labels'
                then
                    nullif(substr(
                        {%- for position in positions %}
                        {{ '|| ' if not loop.first -}}
                        case {{ cleaning.parse_boolean('value_' ~ position) }}
                            when true
                                then ', ' || coalesce(
                                    {{ list_item('arguments', ';', position) }},
                                    {{ list_item(
                                        'source_columns', ';', position) }}
                                )
                            else ''
                        end
                        {%- endfor %}, 3
                    ), '')
        end as labelled,
        case
            when transform = 'flag'
                then
                    {%- for position in positions %}
                    {{ 'or ' if not loop.first -}}
                    coalesce(
                        {{ cleaning.lower_text('value_' ~ position) }}
                        = {{ cleaning.lower_text('arguments') }}, false
                    )
                    {%- endfor %}
        end as is_flagged,
        case
            when transform in ('ages', 'min_age', 'max_age')
                then
                    nullif(trim(
                        {%- for position in positions %}
                        {{ "|| '; ' || " if not loop.first -}}
                        coalesce(case {{ cleaning.parse_boolean(
                            'value_' ~ position
                        ) }}
                            when true
                                then {{ list_item(
                                    'source_columns', ';', position) }}
                            when false then ''
                            else value_{{ position }}
                        end, '')
                        {%- endfor %}
                    , ' ;'), '')
        end as ages_text,
        case
            when {{ is_split }} then {{ address_part('value_1', 'state') }}
        end as address_state,
        case
            when {{ is_split }} then {{ address_part('value_1', 'place') }}
        end as place,
        {%- for position in positions %}
        case
            when transform = 'opening_hours'
                then {{ opening_hours('value_' ~ position) }}
        end as hours_{{ position }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cleaned
    {{ cleaning.computed_once() }}

),

worded as (

    select
        *,
        {%- for count in range(1, 5) %}
        case
            when place is not null
                then {{ cleaning.upper_text(
                    cleaning.last_words('place', count)
                ) }}
        end as ending_{{ count }}{{ ',' if not loop.last }}
        {%- endfor %}
    from several
    {{ cleaning.computed_once() }}

),

placed as (

    -- the longest known city at the end of the place; else by its form
    select
        worded.*,
        coalesce(
            {%- for count in [4, 3, 2, 1] %}
            city_{{ count }}.city{{ ',' if not loop.last }}
            {%- endfor %}
        ) as known_city,
        case
            when
                coalesce(
                    {%- for count in [4, 3, 2, 1] %}
                    city_{{ count }}.city{{ ',' if not loop.last }}
                    {%- endfor %}
                ) is null
                then {{ guessed_city('worded.place') }}
        end as guessed_city
    from worded
    {%- for count in range(1, 5) %}
    left join {{ ref('register_cities') }} as city_{{ count }}
        on
            worded.address_state = city_{{ count }}.state
            and worded.ending_{{ count }} = city_{{ count }}.city
    {%- endfor %}
    {{ cleaning.computed_once() }}

),

parted as (

    select
        *,
        coalesce(
            substr(place, length(place) - length(known_city) + 1), guessed_city
        ) as city,
        rtrim(substr(
            place, 1,
            length(place) - coalesce(
                length(known_city), length(guessed_city), 0
            )
        ), ' ,') as street_line,
        case
            when transform = 'ages'
                then coalesce(
                    {{ age_groups('ages_text') }},
                    case
                        when {{ age_bound('ages_text', 'max') }} is not null
                            then ages_text
                    end
                )
        end as ages,
        case
            when transform = 'opening_hours'
                then nullif(substr(
                    {%- for position in positions %}
                    {{ '|| ' if not loop.first -}}
                    coalesce(
                        '; ' || coalesce(
                            {{ list_item('arguments', ';', position) }},
                            {{ list_item('source_columns', ';', position) }}
                        ) || ' ' || hours_{{ position }}, ''
                    )
                    {%- endfor %}, 3
                ), '')
        end as hours
    from placed
    {{ cleaning.computed_once() }}

),

valued as (

    select
        *,
        case transform
            {%- for name, transform in transforms.items() %}
            when '{{ name }}' then {{ transform.sql }}
            {%- endfor %}
        end as value
    from parted
    {{ cleaning.computed_once() }}

),

judged as (

    -- not read, or read in part
    select
        *,
        case
            when transform = 'opening_hours'
                then
                    case
                        when
                            {%- for position in positions %}
                            {{ 'or ' if not loop.first -}}
                            (
                                value_{{ position }} is not null
                                and hours_{{ position }} is null
                            )
                            {%- endfor %}
                            then 'value_unreadable'
                    end
            when transform = 'labels'
                then
                    case
                        when
                            {%- for position in positions %}
                            {{ 'or ' if not loop.first -}}
                            (
                                value_{{ position }} is not null
                                and {{ cleaning.parse_boolean(
                                    'value_' ~ position
                                ) }}
                                is null
                            )
                            {%- endfor %}
                            then 'boolean_unreadable'
                    end
            when transform = 'ages'
                then
                    case
                        when ages_text is not null and value is null
                            then 'value_unreadable'
                    end
            when transform = 'address_city'
                then
                    case
                        when
                            place is not null
                            and known_city is null
                            and coalesce(
                                substr(
                                    replace(place, ', ', ','),
                                    length(replace(place, ', ', ','))
                                    - length(guessed_city)
                                ) <> ',' || guessed_city,
                                true
                            )
                            then 'city_unknown'
                    end
            when value is null and value_1 is not null
                then
                    case transform
                        {%- for name, transform in transforms.items()
                            if transform.rule %}
                        when '{{ name }}' then '{{ transform.rule }}'
                        {%- endfor %}
                    end
        end as rule
    from valued
    {{ cleaning.computed_once() }}

),

found as (

    select
        _row_id,
        target_column,
        value,
        case
            when transform = 'only'
                then
                    {%- for position in positions %}
                    {{ '|| ' if not loop.first -}}
                    case
                        when
                            {{ cleaning.lower_text('value_' ~ position) }}
                            <> {{ cleaning.lower_text(list_item(
                                'arguments', ';', position)) }}
                            then ',' || {{ json_object_text({
                                'rule': "'value_misplaced'",
                                'column': list_item(
                                    'source_columns', ';', position),
                                'value': 'value_' ~ position,
                            }) }}
                        else ''
                    end
                    {%- endfor %}
            when rule is not null
                then ',' || {{ json_object_text({
                    'rule': 'rule',
                    'column': 'target_column',
                    'value': 'value_1',
                }) }}
            else ''
        end as finding
    from judged
    {{ cleaning.computed_once() }}

),

together as (

    select
        _row_id,
        {%- for target in targets %}
        max(case when target_column = '{{ target }}' then value end)
            as {{ target }},
        max(case when target_column = '{{ target }}' then finding end)
            as {{ target }}_finding,
        {%- endfor %}
        max(case when target_column = '-' then finding end) as checks_finding
    from found
    group by _row_id

),

keyed as (

    select
        registers.register,
        {%- for target in targets if target != 'state' %}
        together.{{ target }},
        {%- endfor %}
        coalesce(
            together.state, {{ declared_state('registers.register') }}
        ) as state,
        {{ cleaning.company_name_key('together.company') }} as name_key,
        {{ cleaning.street_key('together.address1') }} as street_key,
        {%- for target in targets %}
        {{ '|| ' if not loop.first -}}
        coalesce(together.{{ target }}_finding, '')
        {%- endfor %}
        || coalesce(together.checks_finding, '')
        || case
            when
                together.state
                <> {{ declared_state('registers.register') }}
                then ',' || {{ json_object_text({
                    'rule': "'state_contradicts_register'",
                    'column': "'state'",
                    'value': 'together.state',
                }) }}
            else ''
        end as findings,
        registers._row_id,
        registers._file_id
    from registers
    left join together on registers._row_id = together._row_id
    {{ cleaning.computed_once() }}

),

identified as (

    -- without a phone the licence identifies an organisation, else name and ZIP
    select
        *,
        register || ':' || case
            when phone is not null and street_key is not null
                then phone || '/' || street_key
            when license_number is not null then 'license/' || license_number
            when name_key is not null and zip is not null
                then name_key || '/' || zip
        end as org_id
    from keyed
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        org_id,
        register,

        ---------- the organisation
        {%- for target in targets %}
        {%- if target in ['capacity', 'min_age', 'max_age'] %}
        cast({{ target }} as bigint) as {{ target }},
        {%- elif target == 'accepts_financial_aid' %}
        case {{ target }}
            when 'true' then true when 'false' then false
        end as {{ target }},
        {%- else %}
        {{ target }},
        {%- endif %}
        {%- endfor %}

        ---------- what it is compared by
        {{ json_array_text(targets) }} as state_key,
        name_key,
        street_key,

        ---------- quality and lineage
        findings,
        _row_id,
        _file_id
    from identified

)

select * from final
