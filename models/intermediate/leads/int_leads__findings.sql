-- What is wrong with the leads: the row rules they break, rules that need other
-- rows, and faults of whole files. A lead is reported once per version, and not
-- again on every day that repeats it.
-- Grain: one row per record (or file), rule and column.
{{ config(materialized='view') }}
{%- set snapshots = ref('int_lead_snapshots__matched') %}

with

row_findings as (

    select * from {{ ref('int_leads__row_findings') }}

),

versions as (

    select snapshots.*
    from {{ ref('dim_leads_history') }} as history
    inner join {{ snapshots }} as snapshots
        on history._row_id = snapshots._row_id

),

backend as (

    select * from {{ ref('int_backend_leads__versioned') }}

),

match_keys as (

    select * from {{ ref('int_leads__match_keys') }}

),

judged as (

    {% for condition in [
        "findings._row_id in (select versions._row_id from versions)",
        "findings.severity = 'critical'"
        ~ " or findings.rule = 'id_repeated_in_file'",
    ] -%}
    {{ 'union' if not loop.first }}
    select
        'snapshots' as table_name,
        findings.record_id,
        findings.rule,
        findings.column_name,
        findings.source_value,
        snapshots.row_status,
        snapshots._record,
        snapshots._line,
        findings._row_id,
        findings._file_id
    from row_findings as findings
    inner join {{ snapshots }} as snapshots
        on findings._row_id = snapshots._row_id
    where findings.table_name = 'snapshots' and ({{ condition }})
    {% endfor %}

    {%- for rule, column, value, condition in [
        ('code_unknown', 'disposition', 'source_disposition',
            'disposition is null and source_disposition is not null'),
        ('code_unknown', 'state', 'source_state',
            "source_state is not null and state_origin is distinct from"
            ~ " 'given'"),
        ('match_conflict', 'phone_hash', 'phone_lead_uuid',
            "match_type = 'conflict'"),
        ('set_contradicts_appointment', 'is_set', 'appointment_at',
            'is_set_repaired <> (appointment_at is not null)'),
    ] %}
    union all
    select
        'snapshots' as table_name,
        lead_number as record_id,
        '{{ rule }}' as rule,
        '{{ column }}' as column_name,
        {{ value }} as source_value,
        row_status,
        _record,
        _line,
        _row_id,
        _file_id
    from versions
    where {{ condition }}
    {%- endfor %}

    union all

    select
        'backend' as table_name,
        findings.record_id,
        findings.rule,
        findings.column_name,
        findings.source_value,
        backend.row_status,
        backend._record,
        backend._line,
        findings._row_id,
        findings._file_id
    from row_findings as findings
    inner join backend on findings._row_id = backend._row_id
    where
        findings.table_name = 'backend'
        and (
            backend.row_status <> 'unchanged'
            or findings.rule = 'id_repeated_in_file'
        )
    {%- for kind in ['email', 'phone'] %}

    union all

    select
        'backend' as table_name,
        backend.lead_uuid as record_id,
        'hash_shared' as rule,
        '{{ kind }}_hash' as column_name,
        backend.{{ kind }}_hash as source_value,
        backend.row_status,
        backend._record,
        backend._line,
        backend._row_id,
        backend._file_id
    from match_keys
    inner join backend on match_keys.match_hash = backend.{{ kind }}_hash
    where
        match_keys.match_kind = '{{ kind }}'
        and match_keys.lead_count > 1
        and backend.row_status = 'current'
    {%- endfor %}

),

final as (

    select
        'leads:' || table_name || ':' || _row_id || ':' || rule || ':'
        || column_name as finding_id,
        _file_id as file_id,
        _record as record,
        _line as line,
        record_id,
        rule,
        column_name,
        source_value,
        row_status,
        _row_id as row_id
    from judged

    union all

    select
        'leads:file:' || _file_id || ':' || rule || ':' || column_name
            as finding_id,
        _file_id as file_id,
        null as record,
        null as line,
        null as record_id,
        rule,
        column_name,
        source_value,
        null as row_status,
        null as row_id
    from {{ ref('int_leads__file_faults') }}

)

select * from final
