-- Fails unless the mailbox of the two records of one person is named as a reason.
select 1 as is_missing
where
    not exists (
        select 1 from {{ ref('labelled__merges') }}
        where
            golden_id = 'r1'
            and field = 'email'
            and explanation like 'email equal (ann.whitfield@corvel.example%'
    )
