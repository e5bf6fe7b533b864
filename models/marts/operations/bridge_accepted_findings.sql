-- Which findings somebody has accepted, and by which line of accepted_findings;
-- those of the past, too: rpt_findings has what counts now.
-- Grain: one row per finding and line that accepts it.
{{ config(indexes=[{'columns': ['finding_id', 'place']}]) }}

with

accepted as (

    {{ accepted_lines(
        ref('int_operations__acceptances'), ref('fct_row_errors')
    ) }}

),

final as (

    select
        finding_id,
        seed_line,
        -- 1 for the one that holds longest
        cast(row_number() over (
            partition by finding_id
            order by coalesce(accepted_until, '9999-12-31') desc, seed_line asc
        ) as integer) as place
    from accepted

)

select * from final
