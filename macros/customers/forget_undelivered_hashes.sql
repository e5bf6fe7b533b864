{#- A post-hook of int_people__hashes: deletes the hashes that no record has any
    more. -#}
{% macro forget_undelivered_hashes() -%}
delete from {{ this }}
    where
        {%- for kind in ['email', 'phone'] %}
        {{ 'or ' if not loop.first -}}
        kind = '{{ kind }}' and not exists (
            select 1 from {{ ref('int_people__given') }} as people
            where people.{{ kind }}_hash = {{ this.identifier }}.hash
        )
        {%- endfor %}
{%- endmacro %}
