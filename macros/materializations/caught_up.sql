{#- A post-hook of models that read several sources. What a source last delivered is as
    new as can be while it delivers nothing: without this, one that is quiet would make
    every delta of the others begin where it last delivered. -#}
{% macro caught_up() -%}
{%- set sides, others = {}, [] -%}
{#- whose records the models of identity resolution hold -#}
{%- set entities = {'companies': 'crm', 'contacts': 'crm', 'leads': 'leads'} -%}
{%- if execute -%}
  {%- for id in model.depends_on.nodes -%}
    {%- set parent = graph.nodes.get(id) -%}
    {%- if parent and parent.resource_type == 'model'
        and parent.config.materialized != 'view' -%}
      {%- set side = parent.fqn[2] if parent.fqn[2] != 'identity'
          else entities[parent.name.split('__')[0][4:]] -%}
      {%- if side in var('domains') -%}
        {%- do sides.setdefault(side, []).append(parent.alias) -%}
      {%- else -%}
        {%- do others.append(parent.alias) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
{%- endif -%}
update _build_state
    set watermark = (
        select coalesce(min(held), -1)
        from (
            {%- for side, relations in sides.items() %}
            {{ 'union all' if not loop.first }}
            select case
                when not exists (
                    select 1 from ingest_files as newer
                    where
                        newer.source_name = '{{ side }}'
                        and newer.status = 'landed'
                        and newer.file_id > {{ side }}_side.watermark
                ) then ({{ newest_batch() }})
                else {{ side }}_side.watermark
            end as held
            from (
                select min(watermark) as watermark from _build_state
                where
                    watermark >= 0
                    and relation in ('{{ relations | join("', '") }}')
            ) as {{ side }}_side
            where {{ side }}_side.watermark is not null
            {%- endfor %}
            {%- if others %}
            union all
            select min(watermark) as held from _build_state
            where
                watermark >= 0
                and relation in ('{{ others | join("', '") }}')
            {%- endif %}
        ) as _sides
        where held is not null
    )
    where relation = '{{ this.identifier }}'
{%- endmacro %}
