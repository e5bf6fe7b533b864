{#- What full pictures of a source's tables lack; a whole model, its configuration
    with it. docs/decisions/, number 32, says what a picture is. Gives, of a file
    that is a picture or a part of one (record_id is NULL)
      picture_group   the files of which each shows all: of an instance and a shape,
                      or of one period of these
      unit_id         the newest file of its delivery, by which deliveries are ordered
      arrived_at      when the last file of its delivery had arrived
      picture_status  applied, held_back, incomplete, or replaced by a later file of
                      its name and delivery
      reason          why it is incomplete
      known_count     records known before it that it has or lacks
      missing_count   those of them that it lacks
      latest_file_id  newest file that can have changed what the group lacks
    and of a record that is missing from an applied picture
      record_id       its key
      row_id          the row that it was last delivered in, negative
      file_id, unit_id, received_at   of the picture
    `tables` maps each table to its staging model and its key there. Only groups
    with new files, and periods whose records came anew in others, are looked at. -#}
{% macro source_absences(source_name, tables=none) -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='picture_group',
    only_with='int_' ~ source_name ~ '__pictures',
    indexes=[
        {'columns': ['table_name', 'record_id']},
        {'columns': ['picture_group']},
    ],
) }}
{%- set staged = tables or absence_tables(source_name) -%}
{%- set pictures = ref('int_' ~ source_name ~ '__pictures') -%}
with recursive

numbered as (

    select * from {{ pictures }}
    where is_landed

),

-- files of a delivery that did not land
refused as (

    select
        picture_group,
        unit_key,
        min(file_name) as file_name
    from {{ pictures }}
    where not is_landed
    group by picture_group, unit_key

),

new_periods as (

    select
        table_name,
        file_id
    from numbered
    where
        kind = 'period'
        and {{ watermark() }} >= 0
        and file_id > {{ watermark() }}

),

-- files of other periods that had records of the new ones
met as (

    {% for table, (relation, key) in staged.items() -%}
    {{ 'union all' if not loop.first }}
    select known._file_id as file_id
    from {{ relation }} as known
    where
        known.{{ key }} in (
            select newer.{{ key }} from {{ relation }} as newer
            where newer._file_id in (
                select new_periods.file_id from new_periods
                where new_periods.table_name = '{{ table }}'
            )
        )
    {% endfor %}
),

renewed as (

    select distinct picture_group
    from numbered
    where
        file_id > {{ watermark() }}
        or (
            kind = 'period'
            and file_id in (select met.file_id from met)
        )

),

looked_at as (

    select
        numbered.file_id,
        numbered.table_name
    from numbered
    inner join renewed on numbered.picture_group = renewed.picture_group

),

delivered as (

    {% for table, (relation, key) in staged.items() -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        {{ key }} as record_id,
        _file_id as file_id,
        max(_row_id) as row_id
    from {{ relation }}
    where
        {{ key }} in (
            select known.{{ key }} from {{ relation }} as known
            where known._file_id in (
                select looked_at.file_id from looked_at
                where looked_at.table_name = '{{ table }}'
            )
        )
    group by {{ key }}, _file_id
    {% endfor %}
),

presences as (

    select
        numbered.scope,
        numbered.unit_number,
        delivered.record_id,
        max(delivered.file_id) as file_id,
        max(delivered.row_id) as row_id
    from delivered
    inner join numbered on delivered.file_id = numbered.file_id
    where delivered.table_name = numbered.table_name
    group by numbered.scope, numbered.unit_number, delivered.record_id

),

followed as (

    select
        *,
        lead(unit_number) over in_order as next_unit,
        lead(file_id) over in_order as next_file_id,
        max(file_id) over (partition by scope, record_id) as newest_file_id
    from presences
    window in_order as (
        partition by scope, record_id order by unit_number
    )

),

judged_files as (

    select
        numbered.*,
        case
            when not numbered.is_part then null
            when refused.file_name is not null
                then refused.file_name || ' was refused'
            when
                numbered.cut_reason is not null
                and not (
                    numbered.is_confirmed
                    and numbered.cut_reason like 'far fewer records than usual%'
                )
                then numbered.cut_reason
            when numbered.rejected_count > 0
                then numbered.rejected_count || ' records could not be read'
            when numbered.nameless_count > 0
                then numbered.nameless_count || ' records have no identifier'
        end as part_reason
    from numbered
    inner join renewed on numbered.picture_group = renewed.picture_group
    left join refused
        on
            numbered.picture_group = refused.picture_group
            and numbered.unit_key = refused.unit_key

),

all_pictures as (

    select
        picture_group,
        scope,
        unit_number,
        max(file_id) as file_id,
        min(part_reason) as reason,
        max(case when is_confirmed then 1 else 0 end) as is_confirmed
    from judged_files
    where is_part
    group by picture_group, scope, unit_number

),

pictures as materialized (

    select
        *,
        row_number() over (
            partition by picture_group order by unit_number
        ) as picture_number
    from all_pictures
    where reason is null

),

-- how many pictures of a group there are up to each delivery of its scope
places as (

    select
        listed.picture_group,
        listed.unit_number,
        sum(case when pictures.picture_number is null then 0 else 1 end) over (
            partition by listed.picture_group
            order by listed.unit_number rows unbounded preceding
        ) as place,
        case when pictures.picture_number is null then 0 else 1 end as is_picture
    from (
        select distinct
            renewed.picture_group,
            every_unit.unit_number
        from renewed
        inner join numbered as own
            on renewed.picture_group = own.picture_group
        inner join numbered as every_unit on own.scope = every_unit.scope
    ) as listed
    left join pictures
        on
            listed.picture_group = pictures.picture_group
            and listed.unit_number = pictures.unit_number

),

totals as (

    select
        picture_group,
        max(place) as picture_count
    from places
    group by picture_group

),

-- each presence with the pictures that came before the next one
stays as (

    select
        own.picture_group,
        followed.record_id,
        followed.row_id,
        followed.newest_file_id,
        here.place + 1 as first_missed,
        case
            when followed.next_unit is null then totals.picture_count
            else there.place - there.is_picture
        end as last_missed,
        case
            when there.is_picture = 1 and later.picture_group = own.picture_group
                then there.place
        end as next_picture
    from followed
    inner join numbered as own on followed.file_id = own.file_id
    inner join places as here
        on
            own.picture_group = here.picture_group
            and followed.unit_number = here.unit_number
    inner join totals on own.picture_group = totals.picture_group
    left join numbered as later on followed.next_file_id = later.file_id
    left join places as there
        on
            own.picture_group = there.picture_group
            and followed.next_unit = there.unit_number

),

gaps as (

    select * from stays
    where last_missed >= first_missed

),

gap_counts as materialized (

    select
        picture_group,
        first_missed,
        last_missed,
        count(*) as record_count
    from gaps
    group by picture_group, first_missed, last_missed

),

kept_counts as materialized (

    select
        picture_group,
        first_missed,
        next_picture,
        count(*) as record_count
    from stays
    where next_picture is not null
    group by picture_group, first_missed, next_picture

),

-- a picture is surely applied if it would be with all that was ever missing
sure as (

    select
        pictures.picture_group,
        pictures.picture_number,
        pictures.is_confirmed,
        case
            when
                pictures.is_confirmed = 1
                or coalesce(sum(gap_counts.record_count), 0) * 4
                <= coalesce(min(kept_counts.record_count), 0)
                then pictures.picture_number
        end as sure_number
    from pictures
    left join gap_counts
        on
            pictures.picture_group = gap_counts.picture_group
            and pictures.picture_number >= gap_counts.first_missed
            and pictures.picture_number <= gap_counts.last_missed
    left join kept_counts
        on
            pictures.picture_group = kept_counts.picture_group
            and pictures.picture_number = kept_counts.next_picture
            and pictures.picture_number = kept_counts.first_missed
    group by
        pictures.picture_group, pictures.picture_number, pictures.is_confirmed

),

-- each picture with those before it that may be the last one applied
pairs as (

    select
        ranged.picture_group,
        ranged.picture_number,
        ranged.is_confirmed,
        before.picture_number - 1 as last_applied
    from (
        select
            *,
            coalesce(max(sure_number) over (
                partition by picture_group
                order by picture_number
                rows between unbounded preceding and 1 preceding
            ), 0) as surely_applied
        from sure
    ) as ranged
    inner join pictures as before
        on
            ranged.picture_group = before.picture_group
            and ranged.picture_number >= before.picture_number
            and ranged.surely_applied < before.picture_number

),

compared as materialized (

    select
        pairs.picture_group,
        cast(pairs.picture_number as bigint) as picture_number,
        cast(pairs.last_applied as bigint) as last_applied,
        coalesce(cast(sum(counts.missing_count) as bigint), 0) as missing_count,
        coalesce(cast(sum(counts.known_count) as bigint), 0) as known_count,
        pairs.is_confirmed = 1
        or coalesce(sum(counts.missing_count), 0) * 5
        <= coalesce(sum(counts.known_count), 0) as is_applied
    from pairs
    left join (
        select
            picture_group,
            first_missed,
            first_missed as from_picture,
            last_missed as to_picture,
            record_count as missing_count,
            record_count as known_count
        from gap_counts
        union all
        select
            picture_group,
            first_missed,
            next_picture as from_picture,
            next_picture as to_picture,
            0 as missing_count,
            record_count as known_count
        from kept_counts
    ) as counts
        on
            pairs.picture_group = counts.picture_group
            and pairs.last_applied < counts.first_missed
            and pairs.picture_number >= counts.from_picture
            and pairs.picture_number <= counts.to_picture
    group by
        pairs.picture_group, pairs.picture_number, pairs.last_applied,
        pairs.is_confirmed

),

-- one picture after the other, for what one deletes the next cannot lack
decided as (

    -- before the first picture nothing is missing
    select distinct
        picture_group,
        cast(0 as bigint) as picture_number,
        cast(0 as bigint) as last_applied,
        cast(0 as bigint) as missing_count,
        cast(0 as bigint) as known_count,
        false as is_applied
    from pictures

    union all

    select
        compared.picture_group,
        compared.picture_number,
        compared.last_applied,
        compared.missing_count,
        compared.known_count,
        compared.is_applied
    from decided
    inner join compared
        on
            decided.picture_group = compared.picture_group
            and decided.picture_number + 1 = compared.picture_number
            and case
                when decided.is_applied then decided.picture_number
                else decided.last_applied
            end = compared.last_applied

),

ends as (

    select
        picture_group,
        picture_number,
        min(case when is_applied then picture_number end) over (
            partition by picture_group
            order by picture_number
            rows between current row and unbounded following
        ) as next_applied
    from decided

),

newest as (

    select
        picture_group,
        max(file_id) as latest_file_id
    from (
        select
            stays.picture_group,
            max(stays.newest_file_id) as file_id
        from stays
        group by stays.picture_group
        union all
        select
            judged_files.picture_group,
            max(judged_files.file_id) as file_id
        from judged_files
        group by judged_files.picture_group
    ) as files_of_group
    group by picture_group

),

final as (

    select
        judged_files.table_name,
        judged_files.picture_group,
        judged_files.file_id,
        judged_files.unit_id,
        judged_files.unit_number,
        judged_files.received_at,
        judged_files.unit_arrived_at as arrived_at,
        judged_files.loaded_at,
        judged_files.kind as delivery,
        case
            when not judged_files.is_part then 'replaced'
            when all_pictures.reason is not null then 'incomplete'
            when decided.is_applied then 'applied'
            else 'held_back'
        end as picture_status,
        all_pictures.reason,
        case when judged_files.is_part then decided.known_count end as known_count,
        case when judged_files.is_part then decided.missing_count end
            as missing_count,
        newest.latest_file_id,
        cast(null as text) as record_id,
        cast(0 as bigint) as row_id
    from judged_files
    inner join newest on judged_files.picture_group = newest.picture_group
    left join all_pictures
        on
            judged_files.picture_group = all_pictures.picture_group
            and judged_files.unit_number = all_pictures.unit_number
    left join pictures
        on
            judged_files.picture_group = pictures.picture_group
            and judged_files.unit_number = pictures.unit_number
    left join decided
        on
            pictures.picture_group = decided.picture_group
            and pictures.picture_number = decided.picture_number

    union all

    select
        pictured.table_name,
        gaps.picture_group,
        pictured.file_id,
        pictured.unit_id,
        pictured.unit_number,
        pictured.received_at,
        pictured.unit_arrived_at as arrived_at,
        pictured.loaded_at,
        pictured.kind as delivery,
        null as picture_status,
        null as reason,
        null as known_count,
        null as missing_count,
        newest.latest_file_id,
        gaps.record_id,
        -gaps.row_id as row_id
    from gaps
    inner join renewed on gaps.picture_group = renewed.picture_group
    inner join newest on gaps.picture_group = newest.picture_group
    inner join ends
        on
            gaps.picture_group = ends.picture_group
            and gaps.first_missed = ends.picture_number
    inner join pictures
        on
            gaps.picture_group = pictures.picture_group
            and ends.next_applied = pictures.picture_number
    inner join numbered as pictured on pictures.file_id = pictured.file_id
    where ends.next_applied <= gaps.last_missed

)

select * from final
{%- endmacro %}
