{#- Deliveries that seem to show all records there are, where no declaration says so: the
    newest of its account and shape has four fifths of the records known before it, and
    lacks some, which so stay as they were. Findings of files, in the shape of
    placed_findings; `tables` as for source_absences. Tables of fewer than ten records
    are not looked at. -#}
{% macro likely_pictures(source_name, tables=none) -%}
{%- set staged = tables or absence_tables(source_name) -%}
select
        '{{ source_name }}:' || counted.table_name || ':file:' || counted.file_id
        || ':picture_likely' as finding_id,
        counted.file_id,
        cast(null as bigint) as record,
        cast(null as bigint) as line,
        cast(null as text) as record_id,
        'picture_likely' as rule,
        'file' as column_name,
        counted.missing_count || ' of ' || counted.known_count
        || ' records are missing; if each file shows all, declare delivery: full'
            as source_value,
        cast(null as text) as row_status,
        cast(null as bigint) as row_id
    from (
        with

        arrivals as (

            select
                *,
                table_name || '|' || instance_name || '|' || coalesce(id_scope, '')
                || '|' || coalesce(shape_name, '') as scope,
                coalesce(
                    case when delivered_at < '9999' then delivered_at end,
                    'run ' || batch_id
                ) as unit_key,
                coalesce(
                    case when delivered_at < '9999' then delivered_at end, loaded_at
                ) as received_at
            from {{ ref('stg_ingest__files') }}
            where
                source_name = '{{ source_name }}'
                and table_name in ('{{ staged | join("', '") }}')
                and status = 'landed'
                and {{ delivery_meaning(source_name, staged | list) }} = 'changes'
                {%- for table in staged %}
                {%- set meta = source_table(source_name, table).config.meta or {}
                    if execute else {} %}
                {%- for feed in [meta.get('api'), meta.get('database')] if feed %}
                and file_name not like '{{ feed.name }}/%'
                {%- endfor %}
                {%- endfor %}

        ),

        units as (

            select
                scope,
                unit_key,
                max(file_id) as file_id,
                max(received_at) as received_at,
                sum(landed_count) as row_count
            from arrivals
            group by scope, unit_key

        ),

        placed as (

            select
                *,
                row_number() over (
                    partition by scope order by received_at desc, file_id desc
                ) as place,
                max(row_count) over (
                    partition by scope
                    order by received_at asc, file_id asc
                    rows between unbounded preceding and 1 preceding
                ) as before_count
            from units

        ),

        members as (

            select
                arrivals.table_name,
                arrivals.scope,
                arrivals.file_id,
                placed.file_id as newest_id,
                case when arrivals.unit_key = placed.unit_key then 1 else 0 end
                    as is_newest
            from arrivals
            inner join placed on arrivals.scope = placed.scope
            where
                placed.place = 1
                -- else it cannot have enough of them
                and placed.row_count * 5 >= placed.before_count * 4

        ),

        records as (

            {% for table, (relation, key) in staged.items() -%}
            {{ 'union all' if not loop.first }}
            select
                members.table_name,
                members.scope,
                members.newest_id,
                staged.{{ key }} as record_id,
                max(members.is_newest) as is_there,
                max(1 - members.is_newest) as is_known
            from members
            inner join {{ relation }} as staged on members.file_id = staged._file_id
            where members.table_name = '{{ table }}' and staged.{{ key }} is not null
            group by
                members.table_name, members.scope, members.newest_id, staged.{{ key }}
            {% endfor %}
        )

        select
            table_name,
            newest_id as file_id,
            sum(is_known) as known_count,
            sum(is_known * (1 - is_there)) as missing_count
        from records
        group by table_name, scope, newest_id
    ) as counted
    where
        counted.known_count >= 10
        and counted.missing_count > 0
        and counted.missing_count * 5 <= counted.known_count
{%- endmacro %}
