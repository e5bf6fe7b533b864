{#-
    Which records are one: pairs that agree in all they have are joined at
    once, then, in rounds, the clusters that are each other's best match, while
    the average weight of the pairs between them reaches the threshold. A chain
    of weak links thus joins nothing, and neither does one strong link against
    many contradictions. The record created first gives the cluster its id.
-#}
{% macro identity_clusters(entity, records, pairs) -%}
{%- set full -%}
{% call identity.step_table('step_scope', indexes=['record_number']) %}
    select
        record_number,
        record_id,
        {%- if identity.identity_settings(entity).apart %}
        apart,
        {%- endif %}
        created_at
    from {{ records }}
{% endcall %}
{{ identity.identity_clusters__joined(entity, records, pairs) }}
{{ identity.identity_clusters__named(records) }}
{%- endset -%}
{#- In an increment the clusters of changed records and of those they meet. -#}
{%- set delta -%}
{% call identity.step_table('step_touched', indexes=['record_number']) %}
    select record_number from {{ records }}
    where latest_file_id > {{ watermark() }}
{% endcall %}
{% call identity.step_table('step_met', indexes=['record_number']) %}
    select record_number from step_touched
    union
    select met.record_b from step_touched as touched
    inner join {{ pairs }} as met on touched.record_number = met.record_a
    where met.weight >= 0
    union
    select met.record_a from step_touched as touched
    inner join {{ pairs }} as met on touched.record_number = met.record_b
    where met.weight >= 0
{% endcall %}
{% call identity.step_table('step_scope', indexes=['record_number']) %}
    select
        record_number,
        record_id,
        {%- if identity.identity_settings(entity).apart %}
        apart,
        {%- endif %}
        created_at
    from {{ records }}
    where
        record_number in (select record_number from step_met)
        or record_number in (
            select record_number from {{ this }}
            where cluster_id in (
                select known.cluster_id from {{ this }} as known
                inner join step_met
                    on known.record_number = step_met.record_number
            )
        )
{% endcall %}
{{ identity.identity_clusters__joined(entity, records, pairs) }}
{{ identity.identity_clusters__named(records) }}
{%- endset -%}
{{ identity.steps(full, delta) }}
{%- endmacro %}


{% macro identity_clusters__joined(entity, records, pairs) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set apart = settings.apart -%}
{#- A record that says nothing, such as one that a decision alone has brought, was
    compared with nobody: it does not count. Nor does one that says its mailbox alone. -#}
{%- set comparable = cleaning.greatest_of(['size_a * size_b', 'pair_count']) -%}
{%- set average -%}
(
    1.0 * weight + {{ settings.unseen }} * (
        {{ comparable }} - pair_count
    )
) / {{ comparable }}
{%- endset -%}
{% call identity.step_table('step_blank', indexes=['record_number']) %}
    select record_number from {{ records }}
    where
        coalesce({{ identity.identity_fields(entity) | map(attribute='name') | join(', ') }}, null) is null
        {%- if settings.mailbox_alone %}
        or coalesce(first_name, last_name) is null
        {%- endif %}
{% endcall %}
{#- What may join: only those who have a promising pair at all. #}
{% call identity.step_table('step_promising', indexes=['record_number']) %}
    select record_a as record_number from {{ pairs }}
    where weight >= {{ settings.threshold }}
    union
    select record_b as record_number from {{ pairs }}
    where weight >= {{ settings.threshold }}
{% endcall %}
{% call identity.step_table('step_links') %}
    select
        record_a as cluster_a,
        record_b as cluster_b,
        case
            when weight between -3000 and 3000 then weight
            when abs(weight) in (10000, 1000000) then weight
            when weight > 0 then 3000
            else -3000
        end as weight,
        1 as pair_count,
        case
            when record_a in (select record_number from step_blank) then 0 else 1
        end as size_a,
        case
            when record_b in (select record_number from step_blank) then 0 else 1
        end as size_b
    from {{ pairs }}
    where
        record_a in (select record_number from step_promising)
        and record_b in (select record_number from step_promising)
        and record_a in (select record_number from step_scope)
        and record_b in (select record_number from step_scope)
{% endcall %}
{%- if apart %}
{% call identity.step_table('step_groups', indexes=['cluster']) %}
    select record_number as cluster, apart from step_scope
    where
        apart is not null
        and record_number in (select record_number from step_promising)
{% endcall %}
{%- endif %}
{% call identity.step_table('step_merges', indexes=['merged']) %}
    select record_number as merged, record_number as kept from step_scope
    where 1 = 0
{% endcall %}
{% call identity.step_repeat(until='select 1 from step_best limit 1') %}
{% call identity.step_table('step_average') %}
    select cluster_a, cluster_b, weight, pair_count, size_a, size_b,
        {{ average }} as average
    from step_links
    {%- if apart %}
    {#- two of a group whose records are kept apart, unless somebody decided #}
    where
        weight >= 900000
        or not exists (
            select 1
            from step_groups as one
            inner join step_groups as other on one.apart = other.apart
            where
                one.cluster = step_links.cluster_a
                and other.cluster = step_links.cluster_b
        )
    {%- endif %}
{% endcall %}
{#- Each cluster's best partner; merged are those that choose each other. #}
{% call identity.step_table('step_chosen', indexes=['cluster']) %}
    select cluster, partner
    from (
        select
            cluster,
            partner,
            row_number() over (
                partition by cluster order by average desc, partner
            ) as place
        from (
            select cluster_a as cluster, cluster_b as partner, average
            from step_average
            where average >= {{ settings.threshold }}
            union all
            select cluster_b as cluster, cluster_a as partner, average
            from step_average
            where average >= {{ settings.threshold }}
        ) as both_ways
    ) as ranked
    where place = 1
{% endcall %}
{% call identity.step_table('step_best', indexes=['merged']) %}
    select
        other.cluster as merged,
        one.cluster as kept
    from step_chosen as one
    inner join step_chosen as other
        on one.partner = other.cluster and other.partner = one.cluster
    where one.cluster < other.cluster
{% endcall %}
{{ identity.step('insert into step_merges (merged, kept) select merged, kept from step_best') }}
{%- if apart %}
{% call identity.step_table('step_regrouped', indexes=['cluster']) %}
    select distinct
        coalesce(best.kept, marked.cluster) as cluster,
        marked.apart
    from step_groups as marked
    left join step_best as best on marked.cluster = best.merged
{% endcall %}
{% call identity.step_table('step_groups', indexes=['cluster']) %}
    select cluster, apart from step_regrouped
{% endcall %}
{%- endif %}
{#- A cluster without any positive link is finished, and its links go. #}
{% call identity.step_table('step_open', indexes=['cluster']) %}
    select distinct
        chosen.cluster as found,
        coalesce(best.kept, chosen.cluster) as cluster
    from step_chosen as chosen
    left join step_best as best on chosen.cluster = best.merged
{% endcall %}
{% call identity.step_table('step_sizes', indexes=['cluster']) %}
    select
        coalesce(best.kept, sizes.cluster) as cluster,
        sum(sizes.size) as size
    from (
        select cluster_a as cluster, size_a as size from step_links
        union
        select cluster_b as cluster, size_b as size from step_links
    ) as sizes
    left join step_best as best on sizes.cluster = best.merged
    group by coalesce(best.kept, sizes.cluster)
{% endcall %}
{% call identity.step_table('step_remaining') %}
    select
        {{ cleaning.least_of(['cluster_a', 'cluster_b']) }} as cluster_a,
        {{ cleaning.greatest_of(['cluster_a', 'cluster_b']) }} as cluster_b,
        sum(weight) as weight,
        sum(pair_count) as pair_count
    from (
        select
            coalesce(a.kept, links.cluster_a) as cluster_a,
            coalesce(b.kept, links.cluster_b) as cluster_b,
            links.weight,
            links.pair_count
        from step_links as links
        left join step_best as a on links.cluster_a = a.merged
        left join step_best as b on links.cluster_b = b.merged
        where
            links.cluster_a in (select found from step_open)
            and links.cluster_b in (select found from step_open)
    ) as renamed
    where cluster_a <> cluster_b
    group by 1, 2
{% endcall %}
{% call identity.step_table('step_links') %}
    select
        remaining.cluster_a,
        remaining.cluster_b,
        remaining.weight,
        remaining.pair_count,
        a.size as size_a,
        b.size as size_b
    from step_remaining as remaining
    inner join step_sizes as a on remaining.cluster_a = a.cluster
    inner join step_sizes as b on remaining.cluster_b = b.cluster
{% endcall %}
{% endcall %}
{%- endmacro %}


{#- Every record with the cluster it ended in, named after its oldest record. -#}
{% macro identity_clusters__named(records) -%}
{% call identity.step_table('step_members', indexes=['record_number', 'root']) %}
    with recursive

    members (record_number, root) as (
        select record_number, record_number from step_scope
        where record_number not in (select merged from step_merges)
        union all
        select merges.merged, members.root
        from members
        inner join step_merges as merges
            on members.record_number = merges.kept
    )

    select record_number, root from members
{% endcall %}
{% call identity.step_table('step_oldest', indexes=['root']) %}
    select root, record_id
    from (
        select
            members.root,
            scope.record_id,
            row_number() over (
                partition by members.root
                order by
                    scope.created_at nulls last, scope.record_number
            ) as place
        from step_members as members
        inner join step_scope as scope
            on members.record_number = scope.record_number
    ) as ranked
    where place = 1
{% endcall %}
select
    scope.record_number,
    scope.record_id,
    oldest.record_id as cluster_id,
    (select max(latest_file_id) from {{ records }}) as latest_file_id
from step_scope as scope
inner join step_members as members
    on scope.record_number = members.record_number
inner join step_oldest as oldest on members.root = oldest.root
{%- endmacro %}
