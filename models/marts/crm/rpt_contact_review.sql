-- Pairs of contacts' records that nobody can be sure of, for a person to decide
-- in identity_overrides; what concerns the most money first.
-- Grain: one row per pair of records.
{{ config(materialized='view') }}

with

uncertain as (

    select
        one.cluster_id as contact_id,
        other.cluster_id as other_contact_id,
        one.record_id as contact_record_id,
        other.record_id as other_contact_record_id,
        pairs.pattern,
        pairs.probability
    from {{ ref('int_contacts__paired') }} as pairs
    inner join {{ ref('int_contacts__clustered') }} as one
        on pairs.record_a = one.record_number
    inner join {{ ref('int_contacts__clustered') }} as other
        on pairs.record_b = other.record_number
    where pairs.probability between 0.05 and 0.95 and pairs.decision = ''
    {{ computed_once() }}

),

names as (

    select
        contact_id,
        coalesce(first_name || ' ', '') || coalesce(last_name, '')
        || coalesce(' <' || email || '>', '') as contact
    from {{ ref('int_contacts__current') }}

),

amounts as (

    select
        contact_id,
        sum(amount_cents) as amount_cents
    from {{ ref('fct_opportunities') }}
    group by contact_id

),

valued as (

    select
        uncertain.contact_record_id,
        uncertain.other_contact_record_id,
        one.contact,
        other.contact as other_contact,
        uncertain.probability,
        uncertain.contact_id = uncertain.other_contact_id as is_merged,
        {{ identity_summary('contacts', 'uncertain.pattern') }} as evidence,
        coalesce(amounts.amount_cents, 0)
        + case
            when uncertain.contact_id = uncertain.other_contact_id then 0
            else coalesce(other_amounts.amount_cents, 0)
        end as amount_cents
    from uncertain
    inner join names as one on uncertain.contact_record_id = one.contact_id
    inner join names as other
        on uncertain.other_contact_record_id = other.contact_id
    left join amounts on uncertain.contact_id = amounts.contact_id
    left join amounts as other_amounts
        on uncertain.other_contact_id = other_amounts.contact_id

),

final as (

    select
        row_number() over (
            order by
                amount_cents desc,
                abs(probability - 0.5) asc,
                contact_record_id asc,
                other_contact_record_id asc
        ) as review_rank,
        contact_record_id,
        other_contact_record_id,
        contact,
        other_contact,
        probability,
        is_merged,
        evidence,
        amount_cents
    from valued

)

select * from final
order by review_rank
