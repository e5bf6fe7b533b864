-- Faults of whole daily files, found by comparing each with the days before it:
-- a column that holds one value though it used to vary, a column that went
-- empty, a jump in the number of rows or in the share of missing values, and
-- dates later than the day the file stands for.
-- Grain: one row per file, rule and column.
{#- Shares; compared with the seven days before, if there are three. -#}
{%- set jump_in_rows = 0.2 %}
{%- set jump_in_missing = 0.1 %}
{%- set least_days = 3 %}
{#- In a smaller file a column may well hold one value by chance. -#}
{%- set least_rows = 30 %}
{%- set one = cleaning.as_double('1.0') %}

with

profiles as (

    select
        _file_id,
        column_name,
        delivered_at,
        row_count,
        value_count,
        smallest_value,
        largest_value,
        1.0 - {{ one }} * value_count / row_count as missing_rate
    from {{ ref('int_leads__file_profiles') }}

),

files as (

    select * from {{ ref('stg_ingest__files') }}

),

compared as (

    select
        *,
        ---------- the first file before it in which the column varied, was full
        min(case when smallest_value <> largest_value then _file_id end)
            over days_before as varied_in_file_id,
        min(case when value_count > 0 then _file_id end)
            over days_before as filled_in_file_id,
        count(*) over last_days as day_count,
        max(_file_id) over last_days as last_days_file_id,
        avg(row_count) over last_days as usual_row_count,
        avg(missing_rate) over last_days as usual_missing_rate
    from profiles
    window
        days_before as (
            partition by column_name order by delivered_at, _file_id
            rows between unbounded preceding and 1 preceding
        ),
        last_days as (
            partition by column_name order by delivered_at, _file_id
            rows between 7 preceding and 1 preceding
        )

),

faults as (

    select
        _file_id,
        'column_constant' as rule,
        column_name,
        smallest_value || ' in all ' || row_count || ' records'
            as source_value,
        varied_in_file_id as compared_file_id
    from compared
    where
        smallest_value = largest_value
        and missing_rate < 0.5
        and row_count >= {{ least_rows }}
        and varied_in_file_id is not null

    union all

    select
        compared._file_id,
        'column_went_empty' as rule,
        compared.column_name,
        'empty in all ' || compared.row_count || ' records' as source_value,
        compared.filled_in_file_id as compared_file_id
    from compared
    inner join files on compared._file_id = files.file_id
    where
        compared.value_count = 0
        and compared.filled_in_file_id is not null
        -- a column that is not there at all is reported as column_absent
        and coalesce(files.missing_columns, '')
        not like '%"' || compared.column_name || '"%'

    union all

    select
        _file_id,
        'missing_rate_jumped' as rule,
        column_name,
        cast({{ cleaning.nearest('100 * missing_rate') }} as integer)
        || ' % missing, '
        || cast({{ cleaning.nearest('100 * usual_missing_rate') }} as integer)
        || ' % before' as source_value,
        last_days_file_id as compared_file_id
    from compared
    where
        value_count > 0
        and day_count >= {{ least_days }}
        and missing_rate - usual_missing_rate > {{ jump_in_missing }}

    union all

    select
        _file_id,
        'row_count_jumped' as rule,
        'file' as column_name,
        row_count || ' records, '
        || cast({{ cleaning.nearest('usual_row_count') }} as integer)
        || ' before' as source_value,
        last_days_file_id as compared_file_id
    from compared
    where
        column_name = 'entry_date'
        and day_count >= {{ least_days }}
        and abs(row_count - usual_row_count)
        > {{ jump_in_rows }} * usual_row_count

    union all

    select
        _file_id,
        'dates_after_delivery' as rule,
        column_name,
        largest_value as source_value,
        _file_id as compared_file_id
    from compared
    where
        column_name = 'entry_date'
        and largest_value > substr(delivered_at, 1, 10)

),

final as (

    select
        _file_id,
        rule,
        column_name,
        source_value,
        case
            when compared_file_id > _file_id then compared_file_id
            else _file_id
        end as latest_file_id
    from faults

)

select * from final
