{#- Numbers that several sources use, with which of these mean the same by it, a
    whole select: sources that have ever agreed on all facts, or agree with one
    that does. Of a group of sources the first that used the number stands for
    it. Rows in error have no say. Gives number and source,
      is_first       whether no other group used the number before
      first_source   the source that stands for the group -#}
{% macro agreed_numbers(relation, number, source, facts) -%}
select distinct
        {{ number }},
        {{ source }},
        first_row_id = min(first_row_id) over (
            partition by {{ number }}
        ) as is_first,
        max(case when fact_row_id = first_row_id then {{ source }} end) over (
            partition by {{ number }}, first_row_id
        ) as first_source
    from (
        {{ agreed_round(3, relation, number, source, facts) }}
    ) as agreed
{%- endmacro %}


{#- The facts that each source has reported of a number, with the first row of the
    sources that are known to agree; each round leads one source further. -#}
{% macro agreed_round(round, relation, number, source, facts) -%}
{%- if round == 0 -%}
select
        *,
        min(fact_row_id) over (
            partition by {{ number }}, {{ source }}
        ) as first_row_id
    from (
        select
            {{ number }},
            {{ source }},
            {{ json_array_text(facts) }} as fact,
            min(_row_id) as fact_row_id
        from {{ relation }}
        where
            not is_error
            and {{ number }} in (
                select shared.{{ number }} from {{ relation }} as shared
                where not shared.is_error
                group by shared.{{ number }}
                having min(shared.{{ source }}) < max(shared.{{ source }})
            )
        group by 1, 2, 3
    ) as facts
{%- else -%}
select
        {{ number }},
        {{ source }},
        fact,
        fact_row_id,
        min(agreed_row_id) over (
            partition by {{ number }}, {{ source }}
        ) as first_row_id
    from (
        select
            *,
            min(first_row_id) over (
                partition by {{ number }}, fact
            ) as agreed_row_id
        from (
            {{ agreed_round(round - 1, relation, number, source, facts) }}
        ) as round_{{ round }}
    ) as facts_{{ round }}
{%- endif -%}
{%- endmacro %}
