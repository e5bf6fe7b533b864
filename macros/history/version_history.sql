{#- The versions of a table of records with versions, from when until when each held:
    a slowly changing dimension of type 2, a whole select. `keys` and `columns` are
    shown under their names, or those in `named`. -#}
{% macro version_history(relation, keys, columns, named={}) -%}
with

versions as (

    select * from {{ relation }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id > {{ watermark() }}

),

final as (

    select
        {%- for column in keys %}
        {{ column }}{{ ' as ' ~ named[column] if column in named }},
        {%- endfor %}
        version_number,
        valid_from,
        lead(valid_from) over (
            partition by {{ keys | join(', ') }} order by version_number
        ) as valid_to,
        row_status = 'current' as is_current,
        {{ columns | join(',\n        ') }},
        abs(_row_id) as _row_id,
        _file_id
    from versions

)

select * from final
{%- endmacro %}
