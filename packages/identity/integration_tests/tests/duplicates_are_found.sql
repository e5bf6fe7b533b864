-- Fails for each pair of records that is one person and stays apart, or is two
-- persons and does not.
with

labelled as (

    select
        records.record_id,
        records.truth,
        clusters.cluster_id
    from {{ ref('labelled_records') }} as records
    left join {{ ref('labelled__clusters') }} as clusters
        on records.record_id = clusters.record_id

)

select
    one.record_id,
    other.record_id as other_record_id
from labelled as one
inner join labelled as other on one.record_id < other.record_id
where
    (one.truth = other.truth)
    is distinct from (one.cluster_id = other.cluster_id)
