{#- Reports of the entries of a payout that another report of its system has as well:
    a whole select of payout_id and shape_name. The one with the payout's total counts,
    else the one with more entries. -#}
{% macro overlapping_reports() -%}
select
        payout_id,
        shape_name
    from (
        select
            entries.payout_id,
            files.shape_name,
            row_number() over (
                partition by entries.payout_id
                order by
                    max(
                        case when entries.is_payout_total then 1 else 0 end
                    ) desc,
                    count(*) desc, files.shape_name asc
            ) as place
        from {{ ref('fct_balance_entries') }} as entries
        inner join {{ ref('stg_ingest__files') }} as files
            on entries._file_id = files.file_id
        where entries.payout_id is not null and files.shape_name is not null
        group by entries.payout_id, files.shape_name
        having sum(case when entries.entry_kind <> 'payout' then 1 else 0 end) > 0
    ) as reports
    where place > 1
{%- endmacro %}
