{#- Post-hooks of int_people__hashes, for what no new row says. -#}

{#- Gives a hash another value, or none, when the records that had its value have
    another one or were deleted. -#}
{% macro renew_hashes() -%}
update {{ this }}
    set
        {%- for column in ['algorithm', 'form', 'value'] %}
        {{ column }} = ({{ renew_hashes__found('min(clear.' ~ column ~ ')') }}),
        {%- endfor %}
        is_placeholder = ({{ renew_hashes__found(
            'count(*) > 0 and min(clear.value) is null'
        ) }}),
        latest_file_id = (
            select max(people.touched_file_id)
            from {{ ref('int_people__given') }} as people
        )
    where
        form is not null
        and not exists (
            {{ renew_hashes__found('clear.hash') }}
                and clear.value is not distinct from {{ this.identifier }}.value
        )
{%- endmacro %}


{% macro renew_hashes__found(expression) -%}
select {{ expression }} from {{ ref('int_people__hashed') }} as clear
            where
                clear.hash = {{ this.identifier }}.hash
                and clear.kind = {{ this.identifier }}.kind
{%- endmacro %}
