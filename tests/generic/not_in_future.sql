{#- Fails for times after now (UTC); NULL passes. -#}
{% test not_in_future(model, column_name) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} > {{ utc_now() }}

{% endtest %}
