-- How good the data are, in percent of what was delivered: by column, table
-- and day, as one number for each source and one for the warehouse. What no
-- model judges, and what is not whole, has no number.
-- Grain: one row per level, day and what is scored.
{{ config(indexes=[{'columns': ['level', 'delivery_day']}]) }}
{%- set dimensions = [
    'completeness', 'validity', 'uniqueness', 'consistency', 'timeliness',
    'integrity',
] %}
{%- set measures = ['any_dimension'] + dimensions %}

with

delivered as (

    select
        *,
        avg(case when status = 'landed' then record_count end) over (
            partition by source_name, table_name
        ) as usual_record_count
    from {{ ref('fct_ingest_files') }}
    where table_name is not null and repaired_by_file_id is null

),

-- a refused file counts as many records as files of its table usually have
files as (

    select
        file_id,
        source_name,
        table_name,
        substr(coalesce(delivered_at, loaded_at), 1, 10) as delivery_day,
        case
            when status = 'landed' then landed_count + rejected_count
            else coalesce(usual_record_count, 1)
        end as record_count,
        case
            when
                file_id in (
                    select cut.file_id from {{ ref('fct_row_errors') }} as cut
                    where cut.rule = 'file_cut'
                )
                then 1
            else 0
        end as is_cut
    from delivered

),

findings as (

    select
        findings.file_id,
        findings.record,
        findings.is_error,
        findings.column_name,
        findings.quality_dimension,
        rules.weight
    from {{ ref('fct_row_errors') }} as findings
    inner join {{ ref('rules') }} as rules on findings.rule = rules.rule
    where rules.weight > 0 and findings.cause_finding_id is null

    union all

    -- records with a code that is reported at another one
    select
        codes.file_id,
        codes.record,
        false as is_error,
        codes.column_name,
        rules.quality_dimension,
        rules.weight
    from {{ ref('int_operations__unknown_codes') }} as codes
    inner join {{ ref('rules') }} as rules on codes.rule = rules.rule
    where rules.weight > 0 and codes.place > 1

),

-- records that go no further cost every column of theirs
lost_records as (

    select
        {% for dimension in dimensions -%}
        max(case when quality_dimension = '{{ dimension }}' then 1 else 0 end)
            as {{ dimension }},
        {% endfor -%}
        file_id,
        record,
        1 as any_dimension
    from findings
    where record is not null and (is_error or column_name is null)
    group by file_id, record

),

lost as (

    select
        {% for measure in measures -%}
        sum({{ measure }}) as {{ measure }},
        {% endfor -%}
        file_id
    from lost_records
    group by file_id

),

-- the worst that is wrong with a column of a record, and of a whole file
faults as (

    select
        {% for dimension in dimensions -%}
        max(
            case
                when findings.quality_dimension = '{{ dimension }}'
                    then findings.weight
                else 0
            end
        ) as {{ dimension }},
        {% endfor -%}
        findings.file_id,
        findings.record,
        findings.column_name,
        max(findings.weight) as any_dimension
    from findings
    left join lost_records
        on
            findings.file_id = lost_records.file_id
            and findings.record = lost_records.record
    where lost_records.record is null
    group by findings.file_id, findings.record, findings.column_name

),

columns_declared as (

    {{ declared_columns() }}

),

limits as (

    select
        source_name,
        table_name,
        max(warn_below) as warn_below,
        max(fail_below) as fail_below,
        max(responsible) as responsible,
        max(is_judged) as is_judged
    from columns_declared
    group by source_name, table_name

),

answered as (

    select
        source_name,
        max(responsible) as responsible
    from limits
    group by source_name

),

landed as (

    select
        source_name,
        table_name,
        count(*) as file_count
    from delivered
    where status = 'landed'
    group by source_name, table_name

),

lacking as (

    select
        delivered.source_name,
        delivered.table_name,
        name.value as column_name,
        count(*) as file_count
    from delivered
    {{ json_elements('delivered.missing_columns', 'name') }}
    where delivered.status = 'landed'
    group by delivered.source_name, delivered.table_name, name.value

),

-- all declared ones, but the optional ones that no file has had; and a finding
-- can name a column that is part of a declared one
columns_scored as (

    select
        columns_declared.source_name,
        columns_declared.table_name,
        columns_declared.column_name
    from columns_declared
    left join landed
        on
            columns_declared.source_name = landed.source_name
            and columns_declared.table_name = landed.table_name
    left join lacking
        on
            columns_declared.source_name = lacking.source_name
            and columns_declared.table_name = lacking.table_name
            and columns_declared.column_name = lacking.column_name
    where
        columns_declared.is_optional = 0
        or landed.file_count > coalesce(lacking.file_count, 0)
    union
    select
        files.source_name,
        files.table_name,
        faults.column_name
    from faults
    inner join files on faults.file_id = files.file_id
    where faults.column_name <> 'file'

),

file_columns as (

    select
        {% for measure in measures -%}
        coalesce(lost.{{ measure }}, 0) as lost_{{ measure }},
        case
            when coalesce(of_file.{{ measure }}, 0)
                > coalesce(of_column.{{ measure }}, 0)
                then of_file.{{ measure }}
            else coalesce(of_column.{{ measure }}, 0)
        end as base_{{ measure }},
        {% endfor -%}
        files.file_id,
        files.source_name,
        files.table_name,
        files.delivery_day,
        files.record_count,
        files.is_cut,
        coalesce(limits.is_judged, 0) as is_judged,
        columns_scored.column_name
    from files
    left join limits
        on
            files.source_name = limits.source_name
            and files.table_name = limits.table_name
    inner join columns_scored
        on
            files.source_name = columns_scored.source_name
            and files.table_name = columns_scored.table_name
    left join lost on files.file_id = lost.file_id
    left join faults as of_file
        on
            files.file_id = of_file.file_id
            and of_file.record is null
            and of_file.column_name = 'file'
    left join faults as of_column
        on
            files.file_id = of_column.file_id
            and of_column.record is null
            and columns_scored.column_name = of_column.column_name

),

cell_costs as (

    select
        {% for measure in measures -%}
        sum(
            case
                when faults.{{ measure }} > file_columns.base_{{ measure }}
                    then faults.{{ measure }} - file_columns.base_{{ measure }}
                else 0
            end
        ) as {{ measure }},
        {% endfor -%}
        file_columns.file_id,
        file_columns.column_name
    from faults
    inner join file_columns
        on
            faults.file_id = file_columns.file_id
            and faults.column_name = file_columns.column_name
    where faults.record is not null
    group by file_columns.file_id, file_columns.column_name

),

column_days as (

    select
        {% for measure in measures -%}
        case
            when
                max(file_columns.is_judged) = 1
                and max(file_columns.is_cut) = 0
                then
                    100.0 - {{ cleaning.as_double('100.0') }} * sum(
                        file_columns.lost_{{ measure }}
                        + file_columns.base_{{ measure }}
                        * (
                            file_columns.record_count
                            - file_columns.lost_any_dimension
                        )
                        + coalesce(cell_costs.{{ measure }}, 0)
                    ) / sum(file_columns.record_count)
        end as {{ measure }},
        {% endfor -%}
        1 - max(file_columns.is_judged) as unjudged_table_count,
        max(file_columns.is_cut) as incomplete_table_count,
        file_columns.source_name,
        file_columns.table_name,
        file_columns.delivery_day,
        file_columns.column_name,
        sum(file_columns.record_count) as record_count
    from file_columns
    left join cell_costs
        on
            file_columns.file_id = cell_costs.file_id
            and file_columns.column_name = cell_costs.column_name
    group by
        file_columns.source_name,
        file_columns.table_name,
        file_columns.delivery_day,
        file_columns.column_name
    having sum(file_columns.record_count) > 0

),

table_days as (

    select
        {% for measure in measures -%}
        avg({{ measure }}) as {{ measure }},
        {% endfor -%}
        max(unjudged_table_count) as unjudged_table_count,
        max(incomplete_table_count) as incomplete_table_count,
        source_name,
        table_name,
        delivery_day,
        max(record_count) as record_count
    from column_days
    group by source_name, table_name, delivery_day

),

-- a table that got nothing on a day is as good as it was
days as (

    select distinct delivery_day from table_days

),

tables as (

    select
        source_name,
        table_name,
        min(delivery_day) as first_day
    from table_days
    group by source_name, table_name

),

latest as (

    select
        tables.source_name,
        tables.table_name,
        days.delivery_day,
        max(table_days.delivery_day) over (
            partition by tables.source_name, tables.table_name
            order by days.delivery_day
        ) as scored_day
    from tables
    inner join days on tables.first_day <= days.delivery_day
    left join table_days
        on
            tables.source_name = table_days.source_name
            and tables.table_name = table_days.table_name
            and days.delivery_day = table_days.delivery_day

),

source_days as (

    select
        {% for measure in measures -%}
        case
            when sum(table_days.incomplete_table_count) = 0
                then avg(table_days.{{ measure }})
        end as {{ measure }},
        {% endfor -%}
        sum(table_days.unjudged_table_count) as unjudged_table_count,
        sum(table_days.incomplete_table_count) as incomplete_table_count,
        latest.source_name,
        latest.delivery_day,
        sum(
            case
                when latest.scored_day = latest.delivery_day
                    then table_days.record_count
                else 0
            end
        ) as record_count
    from latest
    inner join table_days
        on
            latest.source_name = table_days.source_name
            and latest.table_name = table_days.table_name
            and latest.scored_day = table_days.delivery_day
    group by latest.source_name, latest.delivery_day

),

scores as (

    {% for level, relation, parts in [
        ('column', 'column_days',
            ['source_name', 'table_name', 'column_name']),
        ('table', 'table_days', ['source_name', 'table_name']),
        ('source', 'source_days', ['source_name']),
    ] -%}
    select
        {% for measure in measures -%}
        {{ measure }},
        {% endfor -%}
        unjudged_table_count,
        incomplete_table_count,
        '{{ level }}' as level,
        delivery_day,
        {% for part in ['source_name', 'table_name', 'column_name'] -%}
        {{ part if part in parts else 'null as ' ~ part }},
        {% endfor -%}
        record_count
    from {{ relation }}

    union all

    {% endfor -%}
    select
        {% for measure in measures -%}
        case
            when sum(incomplete_table_count) = 0 then avg({{ measure }})
        end as {{ measure }},
        {% endfor -%}
        sum(unjudged_table_count) as unjudged_table_count,
        sum(incomplete_table_count) as incomplete_table_count,
        'warehouse' as level,
        delivery_day,
        null as source_name,
        null as table_name,
        null as column_name,
        sum(record_count) as record_count
    from source_days
    group by delivery_day

),

compared as (

    select
        *,
        lag(any_dimension) over (
            partition by level, source_name, table_name, column_name
            order by delivery_day
        ) as previous_score,
        row_number() over (
            partition by level, source_name, table_name, column_name
            order by delivery_day desc
        ) = 1 as is_latest
    from scores

),

costs as (

    select
        *,
        -- a file costs all its records
        case when file_count > 0 then 1000000 else finding_count end * weight
            as cost
    from {{ ref('rpt_data_quality_rules') }}
    where weight > 0

),

-- what cost a column most, and what a table
worst as (

    select
        'column' as level,
        *,
        row_number() over (
            partition by source_name, table_name, delivery_day, column_name
            order by cost desc, rule asc, column_name asc
        ) as place
    from costs

    union all

    select
        'table' as level,
        *,
        row_number() over (
            partition by source_name, table_name, delivery_day
            order by cost desc, rule asc, column_name asc
        ) as place
    from costs

),

judged as (

    select
        compared.*,
        worst.rule as worst_rule,
        worst.example_finding_id,
        coalesce(limits.warn_below, {{ var('quality_warn_below') }})
            as warn_below,
        coalesce(limits.fail_below, {{ var('quality_fail_below') }})
            as fail_below,
        answered.responsible
    from compared
    left join answered on compared.source_name = answered.source_name
    left join limits
        on
            compared.source_name = limits.source_name
            and compared.table_name = limits.table_name
    left join worst
        on
            compared.level = worst.level
            and worst.place = 1
            and compared.source_name = worst.source_name
            and compared.table_name = worst.table_name
            and compared.delivery_day = worst.delivery_day
            and (
                compared.level = 'table'
                or compared.column_name = worst.column_name
            )

),

final as (

    select
        level || ':' || delivery_day || ':' || coalesce(source_name, '')
        || ':' || coalesce(table_name, '') || ':' || coalesce(column_name, '')
            as score_id,
        level,
        delivery_day,
        source_name,
        table_name,
        column_name,
        is_latest,
        cast({{ cleaning.nearest('record_count') }} as integer) as record_count,
        {{ cleaning.rounded_to('any_dimension', 2) }} as score,
        case
            when incomplete_table_count > 0 then 'incomplete'
            when any_dimension is null then 'not judged'
            when {{ cleaning.rounded_to('any_dimension', 2) }} < fail_below
                then 'fail'
            when {{ cleaning.rounded_to('any_dimension', 2) }} < warn_below
                then 'warn'
            else 'pass'
        end as status,
        {%- for dimension in dimensions %}
        {{ cleaning.rounded_to(dimension, 2) }} as {{ dimension }}_score,
        {%- endfor %}
        {{ cleaning.rounded_to('previous_score', 2) }} as previous_score,
        {{ cleaning.rounded_to('any_dimension - previous_score', 2) }}
            as score_change,
        worst_rule,
        example_finding_id,
        cast(unjudged_table_count as integer) as unjudged_table_count,
        cast(incomplete_table_count as integer) as incomplete_table_count,
        cast(warn_below as {{ cleaning.double_type() }}) as warn_below,
        cast(fail_below as {{ cleaning.double_type() }}) as fail_below,
        responsible
    from judged

)

select * from final
