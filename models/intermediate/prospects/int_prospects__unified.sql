-- Rows of all registers in one shape: what each record says, and where and when
-- it was delivered.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['org_id']}, {'columns': ['_file_id']}],
) }}
{%- set targets = register_targets() %}

with

registers as (

    select * from {{ ref('stg_prospects__registers') }}
    where _file_id > {{ watermark() }}

),

counted as (

    select
        records.org_id,
        records.register,
        {%- for target in targets %}
        records.{{ target }},
        {%- endfor %}
        records.state_key,
        records.name_key,
        records.street_key,
        records.findings,
        registers._row_id,
        registers._file_id,
        registers._record,
        registers._line,
        registers._delivered_at,
        registers._loaded_at,
        records.org_id is not null and row_number() over (
            partition by registers._file_id, records.org_id
            order by registers._record desc
        ) > 1 as is_repeated
    from registers
    inner join {{ ref('int_prospects__distinct_records') }} as texts
        on
            registers.register = texts.register
            and registers.record = texts.record
    inner join {{ ref('int_prospects__records') }} as records
        on texts._row_id = records._row_id

),

final as (

    select
        org_id,
        register,
        {%- for target in targets %}
        {{ target }},
        {%- endfor %}
        state_key,
        name_key,
        street_key,
        org_id is null or is_repeated as is_error,
        nullif('[' || substr(
            findings
            || case
                when org_id is null then ',' || {{ json_object_text({
                    'rule': "'id_missing'",
                    'column': "'org_id'",
                    'value': 'company',
                }) }}
                when is_repeated then ',' || {{ json_object_text({
                    'rule': "'org_repeated_in_file'",
                    'column': "'org_id'",
                    'value': 'org_id',
                }) }}
                else ''
            end, 2
        ) || ']', '[]') as _findings,
        cast(null as text) as _changed_at,
        _row_id,
        _file_id,
        _record,
        _line,
        _delivered_at,
        _loaded_at
    from counted

)

select * from final
