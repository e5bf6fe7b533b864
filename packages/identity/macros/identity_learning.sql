{#-
    When the weights of an entity were learned, and which records would have
    another golden record if they were learned anew. Later models learn again
    whenever the former changes: at a full build, when the number of records
    reaches 1, 2, 5, 10, … of a magnitude, and when a check finds that more than
    one record in 1,000 would have another golden record.

    The check takes place before the models that it judges, once the records have
    grown by the share `check_after` since the last one, and by ten; of 0, whenever
    there are more. It finds the clusters
    that this build will find with the weights as they are, and those that a full
    build would; both in temporary tables. `later` names the tables of these models
    ({'values': …, 'candidates': …, 'adjusted': …, 'clusters': …}), which are no
    refs, since they come after it. `files` is a ledger with file_id and loaded_at,
    if there is one. The row without a record stands for the check as such.
-#}
{% macro identity_learning(entity, records, keys, overrides, later, files=none) -%}
{%- set check_after = identity.identity_settings(entity).check_after -%}
{%- set full -%}
select
    '' as record_id,
    '' as cluster_id,
    '' as relearned_id,
    now.file_id as learned_file_id,
    now.loaded_at as learned_at,
    now.record_count as learned_record_count,
    now.file_id as checked_file_id,
    now.loaded_at as checked_at,
    now.record_count as checked_record_count
from ({{ identity.identity_learning__now(records, files) }}) as now
{%- endset -%}
{%- set due -%}
select 1
from {{ this }} as known
cross join (select count(*) as record_count from {{ records }}) as now
where
    known.record_id = ''
    and now.record_count > known.checked_record_count
    {%- if check_after %}
    and now.record_count >= known.checked_record_count + 10
    and now.record_count >= {{ 1 + check_after }} * known.checked_record_count
    {%- endif %}
    and exists (
        select 1 from _build_state
        where relation = '{{ later['clusters'] }}' and watermark >= 0
    )
{%- endset -%}
{#- The text of the check is long: it is compiled where a check takes place, and
    parsed, for its refs. -#}
{%- set is_due = not execute or (
    load_cached_relation(this) is not none and not should_full_refresh()
    and run_query(due).rows | length > 0
) -%}
{%- set delta = identity.identity_learning__check(
    entity, records, keys, overrides, later, files
) if is_due else '' -%}
{{ identity.steps(full, delta, due) }}
{%- endmacro %}


{#- The check: steps that end with the rows of the model. -#}
{% macro identity_learning__check(entity, records, keys, overrides, later, files) -%}
{{ identity.step_powers() }}
{{ identity.identity_learning__before(entity, records, keys, overrides, later) }}
{{ identity.identity_learning__after(entity, records, keys, overrides) }}
{% call identity.step_table('step_differing') %}
    select
        after.record_id,
        before.cluster_id,
        after.cluster_id as relearned_id
    from kept_before as before
    inner join kept_after as after
        on before.record_number = after.record_number
    where before.cluster_id <> after.cluster_id
{% endcall %}
{% call identity.step_table('step_checked') %}
    select
        now.*,
        known.learned_file_id,
        known.learned_at,
        known.learned_record_count,
        1000 * (select count(*) from step_differing)
        > now.record_count as is_to_learn
    from {{ this }} as known
    cross join ({{ identity.identity_learning__now(records, files) }}) as now
    where known.record_id = ''
{% endcall %}
{%- for name in ['touched', 'values', 'weights', 'adjusted', 'pairs',
    'candidates', 'before', 'after'] %}
{{ identity.step('drop table kept_' ~ name) }}
{%- endfor %}
{{ identity.step('delete from ' ~ this) }}
select
    found.record_id,
    found.cluster_id,
    found.relearned_id,
    case
        when checked.is_to_learn then checked.file_id
        else checked.learned_file_id
    end as learned_file_id,
    case
        when checked.is_to_learn then checked.loaded_at
        else checked.learned_at
    end as learned_at,
    case
        when checked.is_to_learn then checked.record_count
        else checked.learned_record_count
    end as learned_record_count,
    checked.file_id as checked_file_id,
    checked.loaded_at as checked_at,
    checked.record_count as checked_record_count
from (
    select record_id, cluster_id, relearned_id from step_differing
    union all
    select '' as record_id, '' as cluster_id, '' as relearned_id
) as found
cross join step_checked as checked
where found.record_id = '' or not checked.is_to_learn
{%- endmacro %}


{#- How many records there are, and the newest file that changed one. -#}
{% macro identity_learning__now(records, files) -%}
select
    counted.file_id,
    counted.record_count,
    {%- if files %}
    (
        select files.loaded_at from {{ files }} as files
        where files.file_id = counted.file_id
    ) as loaded_at
    {%- else %}
    cast(null as {{ logical_type('text') }}) as loaded_at
    {%- endif %}
from (
    select
        coalesce(max(latest_file_id), 0) as file_id,
        count(*) as record_count
    from {{ records }}
) as counted
{%- endmacro %}


{#- What this build will find: `kept_before`. -#}
{% macro identity_learning__before(entity, records, keys, overrides, later) -%}
{% call identity.step_table('kept_touched', indexes=['record_number']) %}
    select record_number from {{ records }}
    where
        latest_file_id > (
            select watermark from _build_state
            where relation = '{{ later['candidates'] }}'
        )
{% endcall %}
{% call identity.step_table('step_pairs') %}
    {{ identity.identity_candidates__of(entity, keys, touched='kept_touched') }}
{% endcall %}
{{ identity.identity_sides(entity, records, later['values'], 'step_pairs') }}
{% call identity.step_table('kept_candidates') %}
    select record_a, record_b, pattern, rarity from {{ later['candidates'] }}
    where
        record_a not in (select record_number from kept_touched)
        and record_b not in (select record_number from kept_touched)
    union all
    select record_a, record_b, pattern, rarity
    from (
        {{ identity.identity_patterns(entity, 'step_pairs', 'step_sides') }}
    ) as found
{% endcall %}
{{ identity.step_kept('kept_pairs', identity.identity_pairs(
    entity, records, 'kept_candidates', later['adjusted'], overrides
), ['record_a', 'record_b']) }}
{{ identity.step_kept('kept_before', identity.identity_clusters(entity, records, 'kept_pairs'),
    ['record_number']) }}
{%- endmacro %}


{#- What a full build would find: `kept_after`. -#}
{% macro identity_learning__after(entity, records, keys, overrides) -%}
{{ identity.step_kept('kept_values', identity.identity_values(entity, records),
    ['field, value, rarity']) }}
{{ identity.step_kept('kept_candidates', identity.identity_candidates(
    entity, records, keys, 'kept_values'
), ['record_a', 'record_b']) }}
{{ identity.step_kept('kept_weights', identity.identity_weights(
    entity, records, 'kept_values', 'kept_candidates'
)) }}
{{ identity.step_kept('kept_adjusted', identity.identity_adjustments(
    entity, records, 'kept_candidates', 'kept_weights', overrides
)) }}
{{ identity.step_kept('kept_pairs', identity.identity_pairs(
    entity, records, 'kept_candidates', 'kept_adjusted', overrides
), ['record_a', 'record_b']) }}
{{ identity.step_kept('kept_after', identity.identity_clusters(entity, records, 'kept_pairs'),
    ['record_number']) }}
{%- endmacro %}
