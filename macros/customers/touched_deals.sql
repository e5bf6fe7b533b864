{#- Deals whose person or organisation can have changed, with the file that did it, as a
    subquery, also under the identifiers that they once had: fct_opportunities has the
    newest file of the deal alone. -#}
{% macro touched_deals() -%}
{%- set deals -%}
select
                    deals.opportunity_id,
                    linked.latest_file_id
                from {{ ref('int_people__linked') }} as linked
                inner join {{ ref('fct_opportunities') }} as deals
                    on linked.record_id = 'contact:' || deals.contact_id
                where linked.latest_file_id > {{ watermark() }}
                union
                select
                    deals.opportunity_id,
                    linked.latest_file_id
                from {{ ref('int_organisations__linked') }} as linked
                inner join {{ ref('fct_opportunities') }} as deals
                    on linked.record_id = 'company:' || deals.company_id
                where linked.latest_file_id > {{ watermark() }}
{%- endset -%}
(
                {{ deals }}
                union
                select
                    aliases.alias_id as opportunity_id,
                    deals.latest_file_id
                from {{ ref('int_crm__aliases') }} as aliases
                inner join (
                {{ deals }}
                ) as deals on aliases.record_id = deals.opportunity_id
                where aliases.entity = 'opportunities'
            )
{%- endmacro %}
