{#- Fails when the model has more or fewer rows than `of`: one row out per row
    in. `condition` and `of_condition` narrow the rows that are counted. -#}
{% test conserves_rows(model, of, condition='true', of_condition='true') %}

select
    here.row_count as rows_here,
    there.row_count as rows_there
from (
    select count(*) as row_count from {{ model }} where {{ condition }}
) as here
cross join (
    select count(*) as row_count from {{ of }} where {{ of_condition }}
) as there
where here.row_count <> there.row_count

{% endtest %}
