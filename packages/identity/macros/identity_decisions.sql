{#-
    The pairs of records that people decided on, each once. Of contrary decisions
    the latest counts; of one day, `different`. With `declared` also those that
    sources declare (the setting of that name), where people did not.
-#}
{% macro identity_decisions(entity, records, overrides, declared=false) -%}
{%- set declared = declared and identity.identity_settings(entity).declared -%}
{%- set numbers = ['one.record_number', 'other.record_number'] -%}
select
    record_a,
    record_b,
    decision,
    decided_by,
    decided_on,
    reason,
    line = 0 as is_declared
from (
    select
        given.*,
        row_number() over (
            partition by record_a, record_b
            order by decided_on desc, decision, line, reason
        ) as place
    from (
        select
            {{ cleaning.least_of(numbers) }} as record_a,
            {{ cleaning.greatest_of(numbers) }} as record_b,
            lines.line,
            lines.decision,
            lines.decided_by,
            lines.decided_on,
            lines.reason
        from (
            {{ identity.identity_decisions__lines(overrides) }}
            {%- if declared %}
            union all
            {{ identity.identity_decisions__declared(entity, ref(declared)) }}
            {%- endif %}
        ) as lines
        inner join {{ records }} as one on lines.record_id = one.record_id
        inner join {{ records }} as other
            on lines.other_record_id = other.record_id
        where
            lines.entity = '{{ entity }}'
            and lines.decision in ('same', 'different')
            and one.record_number <> other.record_number
    ) as given
) as ranked
where place = 1
{%- endmacro %}


{#- The links that sources declare, as lines of the seed that are older than any. -#}
{% macro identity_decisions__declared(entity, declared) -%}
select
                cast(0 as {{ logical_type('bigint') }}) as line,
                '{{ entity }}' as entity,
                record_id,
                other_record_id,
                decision,
                decided_by,
                reason,
                '' as decided_on,
                false as is_day_unreadable
            from {{ declared }}
{%- endmacro %}


{#- The lines of the seed as they are read: blanks around a value and capital
    letters of words count for nothing, and a day that is none is the oldest. -#}
{% macro identity_decisions__lines(overrides) -%}
select
    {{ identity.seed_line(['entity', 'record_id', 'other_record_id', 'decision',
        'decided_by', 'decided_on', 'reason']) }} as line,
    lower(trim(entity)) as entity,
    trim(record_id) as record_id,
    trim(other_record_id) as other_record_id,
    lower(trim(decision)) as decision,
    decided_by,
    reason,
    case
        when trim(decided_on) like '____-__-__' then trim(decided_on) else ''
    end as decided_on,
    coalesce(trim(decided_on), '') <> ''
    and trim(decided_on) not like '____-__-__' as is_day_unreadable
from {{ overrides }}
{%- endmacro %}


{#- The line at which a row of a seed begins in its file, whose header is the
    first: seeds are written in the order of the file, and a value in quotes may
    go on for several lines. -#}
{% macro seed_line(columns) -%}
row_number() over (order by {{ identity.seed_line__place() }}) + 1 + coalesce(sum(
        {%- for column in columns %}
        {{ '+ ' if not loop.first }}length(coalesce({{ column }}, ''))
        - length(replace(coalesce({{ column }}, ''), '
', ''))
        {%- endfor %}
    ) over (
        order by {{ identity.seed_line__place() }} rows between unbounded preceding and 1 preceding
    ), 0)
{%- endmacro %}


{#- What numbers the rows of a table as they were put in. -#}
{% macro seed_line__place() -%}
  {{ return(adapter.dispatch('seed_line__place', 'identity')()) }}
{%- endmacro %}


{% macro default__seed_line__place() -%}rowid{%- endmacro %}


{% macro postgres__seed_line__place() -%}ctid{%- endmacro %}


{#- A seed is one file of a table of Iceberg. -#}
{% macro spark__seed_line__place() -%}_pos{%- endmacro %}
