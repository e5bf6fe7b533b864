{#- Fails when the total of a column is not the total of `field` in `to`: what a
    mart adds up to is what its source adds up to. -#}
{% test equal_total(model, column_name, to, field, to_condition='true') %}

select
    here.total as total_here,
    there.total as total_there
from (
    select sum({{ column_name }}) as total from {{ model }}
) as here
cross join (
    select sum({{ field }}) as total from {{ to }}
    where {{ to_condition }}
) as there
where here.total is distinct from there.total

{% endtest %}
