-- Every spelling of every code, so that one join per column looks a code up.
-- A synonym goes before a code of that name; of codes that differ by their case
-- alone the first counts.
-- Grain: one row per lookup and spelling.
{{ config(indexes=[{'columns': ['lookup', 'source_value'], 'unique': true}]) }}

with

codes as (

    {% for lookup, table, code in [
        ('activity_outcome', ref('activity_outcomes'), 'outcome'),
        ('activity_type', ref('activity_types'), 'activity_type'),
        ('contact_status', ref('contact_statuses'), 'status'),
        ('forecast_category', ref('forecast_categories'), 'forecast_category'),
        ('industry', ref('industries'), 'industry'),
        ('lead_source', ref('lead_sources'), 'lead_source'),
        ('opportunity_stage', ref('opportunity_stages'), 'stage'),
        ('product', ref('products'), 'product'),
        ('size_band', ref('size_bands'), 'size_band'),
    ] -%}
    select
        '{{ lookup }}' as lookup,
        {{ code }} as spelling,
        {{ code }} as code,
        2 as place
    from {{ table }}
    union all
    {% endfor -%}
    select
        lookup,
        source_value as spelling,
        code,
        1 as place
    from {{ ref('code_synonyms') }}

),

keyed as (

    select
        lookup,
        {{ cleaning.code_key('spelling') }} as source_value,
        code,
        place
    from codes

),

ranked as (

    select
        *,
        row_number() over (
            partition by lookup, source_value order by place, code
        ) as choice
    from keyed

),

final as (

    select
        lookup,
        source_value,
        code
    from ranked
    where choice = 1

)

select * from final
