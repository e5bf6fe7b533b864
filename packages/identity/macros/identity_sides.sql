{#-
    A step that makes `step_sides`: the records with all that their comparison
    needs of them, so that it need look nothing up. With `pairs`, a table of
    record_a and record_b, only their records. Beside the fields, for each of them
      <field>_rarity      of its value, see identity_values
      <field>_turned      of a name: of its value as the other name
      <field>_holders     how many hold its value, if several do, or 0
      <field>_established how many hold its spelling, if it is established
      <field>_is_provided whether a provider of mailboxes has the domain
      <field>_namesake    the name and firm, if two have that name there
    and name_of_many, the whole name if many have it.
-#}
{% macro identity_sides(entity, records, values, pairs=none) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set both_names = {'first_name': 'last_name', 'last_name': 'first_name'}
    if ['first_name', 'last_name'] | reject(
        'in', fields | map(attribute='kind') | list
    ) | list == [] else {} -%}
{% call identity.step_table('step_sides', indexes=['record_number']) %}
    select
        records.record_number
        {%- for field in fields %}
        {%- set n = field.name %},
        records.{{ n }}
        {%- if field.kind == 'first_name' %},
        records.formal_name,
        {%- if both_names %}
        name_of_many.value as name_of_many,
        {%- endif %}
        records.first_name in (
            select nickname from {{ ref(identity.identity_settings(entity).nicknames) }}
        ) as is_short_name
        {%- elif field.kind == 'email' %},
        records.{{ n }}_mailbox,
        records.{{ n }}_domain,
        {{ n }}_provider.value is not null as {{ n }}_is_provided,
        {{ n ~ '_namesake.value' if identity.identity_values__named_at(fields)
            else 'cast(null as ' ~ logical_type('text') ~ ')' }} as {{ n }}_namesake
        {%- endif %}
        {%- if field.one_in %},
        coalesce({{ n }}_known.rarity, {{ identity.identity_sides__unseen(n, values) }})
            as {{ n }}_rarity,
        case
            when {{ n }}_known.is_shared then {{ n }}_known.holder_count
            else 0
        end as {{ n }}_holders
        {%- endif %}
        {%- if field.levels.v %},
        case
            when {{ n }}_known.is_established then {{ n }}_known.holder_count
        end as {{ n }}_established
        {%- endif %}
        {%- if field.kind in both_names %},
        coalesce(
            {{ n }}_other.rarity,
            {{ identity.identity_sides__unseen(both_names[field.kind], values) }}
        ) as {{ n }}_turned
        {%- endif %}
        {%- endfor %}
    from {{ records }} as records
    {%- if both_names %}
    left join {{ values }} as name_of_many
        on
            name_of_many.field = 'name of many'
            and records.formal_name || '|' || records.last_name = name_of_many.value
    {%- endif %}
    {%- for field in fields %}
    {%- set n = field.name %}
    {%- if field.one_in %}
    left join {{ values }} as {{ n }}_known
        on
            {{ n }}_known.field = '{{ n }}'
            and records.{{ n }} = {{ n }}_known.value
    {%- endif %}
    {%- if field.kind in both_names %}
    left join {{ values }} as {{ n }}_other
        on
            {{ n }}_other.field = '{{ both_names[field.kind] }}'
            and records.{{ n }} = {{ n }}_other.value
    {%- endif %}
    {%- if field.kind == 'email' %}
    left join {{ values }} as {{ n }}_provider
        on
            {{ n }}_provider.field = '{{ n }} provider'
            and records.{{ n }}_domain = {{ n }}_provider.value
    {%- if identity.identity_values__named_at(fields) %}
    left join {{ values }} as {{ n }}_namesake
        on
            {{ n }}_namesake.field = '{{ n }} namesake'
            and {{ identity.identity_values__named_at(fields, 'records.') }}
            = {{ n }}_namesake.value
    {%- endif %}
    {%- endif %}
    {%- endfor %}
    {%- if pairs %}
    where
        records.record_number in (
            select record_a from {{ pairs }}
            union
            select record_b from {{ pairs }}
        )
    {%- endif %}
{% endcall %}
{%- endmacro %}


{#- How rare a value is that only one record has. -#}
{% macro identity_sides__unseen(field, values) -%}
(
            select unseen.rarity from {{ values }} as unseen
            where unseen.field = '{{ field }}' and unseen.value = ''
        )
{%- endmacro %}
