{#-
    A step of identity resolution, as a model: the macro of the package that it is
    made with, over the models of the steps before it.
-#}
{% macro identity_step(entity, step) -%}
{%- set at = 'int_' ~ entity ~ '__' -%}
{%- if step == 'normalized' -%}
{{ identity.identity_records(entity, ref(at ~ 'current')) }}
{%- elif step == 'blocked' -%}
{{ identity.identity_keys(entity, ref(at ~ 'normalized')) }}
{%- elif step == 'learned' -%}
{#- it judges models that come after it, so these are names -#}
{{ identity.identity_learning(
    entity,
    ref(at ~ 'normalized'),
    ref(at ~ 'blocked'),
    ref('identity_overrides'),
    {'values': at ~ 'counted', 'candidates': at ~ 'compared',
    'adjusted': at ~ 'adjusted', 'clusters': at ~ 'clustered'},
    ref('stg_ingest__files')
) }}
{%- elif step == 'counted' -%}
{{ identity.identity_values(
    entity, ref(at ~ 'normalized'), learned=ref(at ~ 'learned')
) }}
{%- elif step == 'compared' -%}
{{ identity.identity_candidates(
    entity, ref(at ~ 'normalized'), ref(at ~ 'blocked'), ref(at ~ 'counted')
) }}
{%- elif step == 'weighted' -%}
{{ identity.identity_weights(
    entity, ref(at ~ 'normalized'), ref(at ~ 'counted'), ref(at ~ 'compared')
) }}
{%- elif step == 'adjusted' -%}
{{ identity.identity_adjustments(
    entity,
    ref(at ~ 'normalized'),
    ref(at ~ 'compared'),
    ref(at ~ 'weighted'),
    ref('identity_overrides')
) }}
{%- elif step == 'paired' -%}
{{ identity.identity_pairs(
    entity,
    ref(at ~ 'normalized'),
    ref(at ~ 'compared'),
    ref(at ~ 'adjusted'),
    ref('identity_overrides')
) }}
{%- elif step == 'clustered' -%}
{{ identity.identity_clusters(
    entity, ref(at ~ 'normalized'), ref(at ~ 'paired')
) }}
{%- endif -%}
{%- endmacro %}
