-- Fails for each person whose values are not those expected, one by one or at once.
{% for people in [ref('people'), ref('people_at_once')] %}
{{ 'union all' if not loop.first }}
select expected.id
from {{ ref('people_expected') }} as expected
left join {{ people }} as people on expected.id = people.id
where
    people.id is null
    {%- for column in [
        'note', 'name', 'email', 'phone', 'seen_at', 'born_on', 'spent_cents',
        'is_customer', 'company_key', 'domain'
    ] %}
    or people.{{ column }} is distinct from expected.{{ column }}
    {%- endfor %}
{% endfor %}
