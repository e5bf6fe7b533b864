{#- A post-hook of int_organisations__current, for what no new row says: a person names
    the organisation no more. The record stays, as one that is gone. -#}
{% macro forget_unnamed_organisations(columns) -%}
update {{ this }}
    set
        {%- for column in columns %}
        {{ column }} = null,
        {%- endfor %}
        mail_domain = null,
        is_gone = true,
        touched_file_id = (
            select max(people.touched_file_id)
            from {{ ref('int_people__current') }} as people
        )
    where
        record_kind = 'named'
        and (mail_domain is not null or not is_gone)
        and not exists (
            select 1 from {{ ref('int_people__current') }} as people
            where
                people.organisation_record_id = {{ this.identifier }}.record_id
        )
{%- endmacro %}
