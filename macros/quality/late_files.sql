{#- Files that came after a newer one and took records back to what they were: the same
    file as an earlier one, byte for byte, after another had landed in between; or one
    with an older date in its name. Only where the order of arrival decides: no delivery
    time is known of the file, and no row of a record says when it was changed. A file
    is found as long as the current state of a record is its own. Findings of files, in
    the shape of placed_findings; `tables` as for source_absences. -#}
{% macro late_files(source_name, tables=none) -%}
{%- set staged = tables or absence_tables(source_name) -%}
{%- set judged = judged_tables(source_name) -%}
{%- set sharing = {} -%}
{%- for each in judged.values() -%}
  {%- do sharing.setdefault(each.states, []).append(1) -%}
{%- endfor -%}
select
        '{{ source_name }}:' || counted.table_name || ':file:' || counted.file_id
        || ':file_late' as finding_id,
        counted.file_id,
        cast(null as bigint) as record,
        cast(null as bigint) as line,
        cast(null as text) as record_id,
        'file_late' as rule,
        'file' as column_name,
        case
            when counted.same_name is not null
                then 'the same as ' || counted.same_name || ', and came after '
            else 'by its name older than '
        end
        || counted.newer_name
        || case when counted.same_name is null then ', which came before' else '' end
        || '; records that went back: ' || counted.record_count
        || '. To mend it, deliver ' || counted.newer_name || ' again under another name'
        || case
            when counted.is_dated = 1
                then ', or declare delivery_time: {file_name: ...}'
            else ''
        end as source_value,
        cast(null as text) as row_status,
        cast(null as bigint) as row_id
    from (
        with

        arrivals as (

            select
                file_id,
                table_name,
                file_name,
                content_hash,
                {{ late_files__day('name_dates') }} as named_day,
                {{ delivery_meaning(source_name, staged | list) }} as meaning,
                table_name || '|' || instance_name || '|' || coalesce(id_scope, '')
                || '|' || coalesce(shape_name, '') as scope
            from {{ ref('stg_ingest__files') }}
            where
                source_name = '{{ source_name }}'
                and table_name in ('{{ staged | join("', '") }}')
                and status = 'landed'
                and (delivered_at is null or delivered_at >= '9999')
                {%- for table in staged %}
                {%- set meta = source_table(source_name, table).config.meta or {}
                    if execute else {} %}
                {%- for feed in [meta.get('api'), meta.get('database')] if feed %}
                and file_name not like '{{ feed.name }}/%'
                {%- endfor %}
                {%- endfor %}

        ),

        placed as (

            select
                *,
                min(file_id) over (partition by scope, content_hash) as first_id,
                max(file_id) over (partition by scope) as last_id,
                max(named_day) over (
                    partition by scope, length(named_day) order by file_id
                ) as newest_day
            from arrivals
            where meaning in ('changes', 'full')

        ),

        -- each with every file that is newer than it and landed before it
        pairs as (

            select
                older.file_id,
                newer.file_id as newer_id
            from placed as older
            inner join placed as newer
                on
                    older.scope = newer.scope
                    and newer.file_id < older.file_id
                    and newer.named_day > older.named_day
                    and length(newer.named_day) = length(older.named_day)
            where older.named_day < older.newest_day

            union

            select
                older.file_id,
                newer.file_id as newer_id
            from placed as older
            inner join (
                select * from placed where file_id = first_id
            ) as newer
                on
                    older.scope = newer.scope
                    and newer.file_id > older.first_id
                    and newer.file_id < older.file_id
            where
                older.first_id < older.file_id
                and not coalesce(
                    newer.named_day < older.named_day
                    and length(newer.named_day) = length(older.named_day),
                    false
                )

        ),

        late as (

            select
                pairs.file_id,
                pairs.newer_id,
                max(pairs.newer_id) over (partition by pairs.file_id) as newest_id,
                older.table_name,
                older.meaning,
                older.last_id,
                case when older.first_id < pairs.newer_id then older.first_id end
                    as same_id
            from pairs
            inner join placed as older on pairs.file_id = older.file_id

        ),

        -- without the word DuckDB 1.5.6 waits for itself, beside likely_pictures
        records as materialized (

            {% for table, (relation, key) in staged.items() -%}
            {%- set states = judged[table].states -%}
            {{ 'union all' if not loop.first }}
            -- the state of the record is that of the late file
            select
                late.file_id,
                late.newer_id,
                late.same_id,
                given.{{ key }} as record_id
            from late
            inner join {{ relation }} as given on late.file_id = given._file_id
            inner join {{ ref(states) }} as states
                on
                    given._row_id = states._row_id
                    {%- if sharing[states] | length > 1 %}
                    and states.table_name = '{{ table }}'
                    {%- endif %}
            inner join {{ relation }} as newer
                on late.newer_id = newer._file_id and given.{{ key }} = newer.{{ key }}
            left join {{ relation }} as later
                on given.{{ key }} = later.{{ key }} and late.file_id < later._file_id
            where
                late.table_name = '{{ table }}'
                and states.row_status = 'current'
                and later._row_id is null
                and (given._changed_at is null or newer._changed_at is null)

            -- a full picture deletes, too, and brings back what was deleted
            union all

            select
                late.file_id,
                late.newer_id,
                late.same_id,
                given.{{ key }} as record_id
            from late
            inner join {{ relation }} as given
                on given._file_id in (late.file_id, late.newer_id)
            where
                late.table_name = '{{ table }}'
                and late.meaning = 'full'
                and late.file_id = late.last_id
                and late.newer_id = late.newest_id
                and given.{{ key }} is not null
            group by late.file_id, late.newer_id, late.same_id, given.{{ key }}
            having count(distinct given._file_id) = 1
            {% endfor %}
        ),

        found as (

            select
                file_id,
                max(newer_id) as newer_id,
                max(same_id) as same_id,
                count(distinct record_id) as record_count
            from records
            group by file_id

        )

        select
            arrivals.file_id,
            arrivals.table_name,
            same.file_name as same_name,
            newest.file_name as newer_name,
            found.record_count,
            case
                when length(arrivals.named_day) = length(newest.named_day) then 1
                else 0
            end as is_dated
        from found
        inner join arrivals on found.file_id = arrivals.file_id
        inner join arrivals as newest on found.newer_id = newest.file_id
        left join arrivals as same on found.same_id = same.file_id
    ) as counted
{%- endmacro %}


{#- The last date in a file's name as digits that sort: year, month, day. -#}
{% macro late_files__day(dates) -%}
{%- set last -%}
substr({{ dates }}, length(rtrim({{ dates }}, '0123456789-_.')) + 1)
{%- endset -%}
{%- set digits = "replace(replace(replace(" ~ last ~ ", '-', ''), '_', ''), '.', '')" -%}
case
                    -- 20.11.2026 and 20.11.26: the day first
                    when substr({{ last }}, 3, 1) in ('-', '_', '.')
                        then case when length({{ digits }}) = 6 then '20' else '' end
                            || substr({{ digits }}, 5)
                            || substr({{ digits }}, 3, 2) || substr({{ digits }}, 1, 2)
                    else {{ digits }}
                end
{%- endmacro %}
