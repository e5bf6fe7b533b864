{#- Fails where `later` lies before `earlier`; NULL in either passes. Dates are
    compared with timestamps by their day. -#}
{% test in_order(model, earlier, later) %}

select
    {{ earlier }},
    {{ later }}
from {{ model }}
where
    case
        when length({{ earlier }}) = length({{ later }})
            then {{ later }} < {{ earlier }}
        else substr({{ later }}, 1, 10) < substr({{ earlier }}, 1, 10)
    end

{% endtest %}
