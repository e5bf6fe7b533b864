{#-
    What is wrong with the lines of the seed identity_overrides: of an entity,
    a decision or a record that there is not. Such a line decides nothing. One
    row per line and fault.
-#}
{% macro identity_override_faults() -%}
{%- set entities = var('identity', {}) -%}
with

lines as (

    select
        {{ seed_line() }} as line,
        entity,
        record_id,
        other_record_id,
        decision
    from {{ ref('identity_overrides') }}

),

known as (

    {%- for entity in entities %}
    {{ 'union all' if not loop.first }}
    select
        '{{ entity }}' as entity,
        record_id
    from {{ ref('int_' ~ entity ~ '__normalized') }}
    {%- endfor %}

),

faults as (

    select
        lines.*,
        'entity unknown' as fault
    from lines
    where coalesce(entity, '') not in ('{{ entities | join("', '") }}')

    union all

    select
        lines.*,
        'decision unknown' as fault
    from lines
    where coalesce(decision, '') not in ('same', 'different')

    union all

    select
        lines.*,
        'record named twice' as fault
    from lines
    where record_id = other_record_id
    {%- for column, fault in [
        ('record_id', 'record unknown'), ('other_record_id', 'other record unknown')
    ] %}

    union all

    select
        lines.*,
        '{{ fault }}' as fault
    from lines
    where
        entity in ('{{ entities | join("', '") }}')
        and not exists (
            select 1 from known
            where
                known.entity = lines.entity
                and known.record_id = lines.{{ column }}
        )
    {%- endfor %}

)

select
    line || ' ' || fault as fault_id,
    line,
    entity,
    record_id,
    other_record_id,
    decision,
    fault
from faults
{%- endmacro %}


{#- The line of a row of a seed in its file, whose header is the first: seeds are
    written in the order of the file. -#}
{% macro seed_line() -%}
row_number() over (order by rowid) + 1
{%- endmacro %}
