-- The leads of each day: how many, how good, how well matched.
-- Grain: one row per day delivered.
{#- A day that comes late also changes who is new, or has aged out, later. -#}
{%- set snapshots = ref('int_lead_snapshots__matched') %}
{%- set qualities = ['high', 'medium', 'low'] %}
{%- set match_types = ['both', 'email', 'phone', 'conflict', 'none'] %}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='snapshot_date',
) }}
{%- set one = cleaning.as_double('1.0') %}

with

days as (

    select
        snapshot_date,
        max(file_id) as file_id,
        lag(snapshot_date) over (order by snapshot_date) as previous_date
    from {{ ref('int_leads__files') }}
    group by snapshot_date

),

touched as (

    select * from days
    where
        snapshot_date >= (
            select min(newer.snapshot_date) as snapshot_date
            from days as newer
            where newer.file_id > {{ watermark() }}
        )
        or snapshot_date in (
            select rematched.snapshot_date from {{ snapshots }} as rematched
            where rematched.latest_file_id > {{ watermark() }}
        )

),

counted_days as (

    -- with the day before each, to see the change
    select snapshot_date from touched
    union
    select previous_date as snapshot_date from touched
    where previous_date is not null

),

counts as (

    select
        snapshot_date,
        count(*) as lead_count,
        {%- for given in ['', '_repaired'] %}
        {%- for quality in qualities %}
        sum(
            case
                when lead_quality_flag{{ given }} = '{{ quality | capitalize }}'
                    then 1
                else 0
            end
        ) as {{ quality }}_count{{ given }},
        {%- endfor %}
        {%- endfor %}
        {%- for match_type in match_types %}
        sum(case when match_type = '{{ match_type }}' then 1 else 0 end)
            as match_{{ match_type }}_count,
        {%- endfor %}
        sum(case when is_sold then 1 else 0 end) as sold_count
    from {{ snapshots }}
    where
        row_status = 'current'
        and snapshot_date in (
            select counted_days.snapshot_date from counted_days
        )
    group by snapshot_date

),

new_leads as (

    select
        valid_from as snapshot_date,
        count(*) as new_lead_count
    from {{ ref('dim_leads_history') }}
    where
        version_number = 1
        and valid_from in (select touched.snapshot_date from touched)
    group by valid_from

),

aged_out as (

    select
        touched.snapshot_date,
        count(*) as aged_out_count
    from touched
    inner join {{ snapshots }} as earlier
        on
            touched.previous_date = earlier.snapshot_date
            and earlier.row_status = 'current'
    left join {{ snapshots }} as later
        on
            earlier.lead_number = later.lead_number
            and touched.snapshot_date = later.snapshot_date
            and later.row_status = 'current'
    where later.lead_number is null
    group by touched.snapshot_date

),

final as (

    select
        touched.snapshot_date,
        coalesce(counts.lead_count, 0) as lead_count,
        coalesce(new_leads.new_lead_count, 0) as new_lead_count,
        coalesce(aged_out.aged_out_count, 0) as aged_out_count,
        {% for given in ['', '_repaired'] -%}
        {% for quality in qualities -%}
        coalesce(counts.{{ quality }}_count{{ given }}, 0)
            as {{ quality }}_count{{ given }},
        {{ one }} * counts.{{ quality }}_count{{ given }} / counts.lead_count
            as {{ quality }}_rate{{ given }},
        {% endfor -%}
        {{ one }} * counts.high_count{{ given }} / counts.lead_count
        - {{ one }} * earlier.high_count{{ given }} / earlier.lead_count
            as high_rate_change{{ given }},
        {% endfor -%}
        {% for match_type in match_types -%}
        coalesce(counts.match_{{ match_type }}_count, 0)
            as match_{{ match_type }}_count,
        {% endfor -%}
        coalesce(counts.sold_count, 0) as sold_count
    from touched
    left join counts on touched.snapshot_date = counts.snapshot_date
    left join counts as earlier
        on touched.previous_date = earlier.snapshot_date
    left join new_leads on touched.snapshot_date = new_leads.snapshot_date
    left join aged_out on touched.snapshot_date = aged_out.snapshot_date

)

select * from final
