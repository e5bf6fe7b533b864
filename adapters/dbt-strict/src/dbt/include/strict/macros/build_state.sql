{#- What each relation was last built from, in one small table that changes in
    the same transaction as the relation itself. -#}

{% macro build_state_ddl() %}
  {{ return("""
    create table if not exists _build_state (
        relation text not null primary key,
        fingerprint text not null,  -- of its SQL, contract and all its parents
        watermark integer not null,  -- newest delivery that went into it
        are_children_checked integer not null  -- since its last full rebuild
    )
  """ ~ dbt.table_options()) }}
{% endmacro %}


{#- Run at the start, for what is read before the first node is built. -#}
{% macro make_build_state() %}
  {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry'] -%}
    {%- do dbt.run_sql(dbt.build_state_ddl()) -%}
  {%- endif -%}
{% endmacro %}


{#- What a node reads. A view or an ephemeral model holds nothing itself:
    `stored` names what stands behind it. -#}
{% macro build_parents(node=none) %}
  {%- set parents = {'direct': [], 'stored': [], 'sources': []} -%}
  {%- for id in (node or model).depends_on.nodes | unique | sort -%}
    {%- if id in graph.sources -%}
      {%- do parents.sources.append(graph.sources[id]) -%}
    {%- elif id in graph.nodes -%}
      {%- set parent = graph.nodes[id] -%}
      {%- set kind = parent.config.materialized -%}
      {%- if kind in ['view', 'ephemeral'] -%}
        {%- set behind = dbt.build_parents(parent) -%}
        {%- do parents.stored.extend(behind.stored) -%}
        {%- do parents.sources.extend(behind.sources) -%}
      {%- else -%}
        {%- do parents.stored.append(parent.alias) -%}
      {%- endif -%}
      {%- do parents.direct.extend(
          behind.direct if kind == 'ephemeral' else [parent.alias]
      ) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(parents) }}
{% endmacro %}


{#- Changes with the compiled SQL (and so with every macro in it), with the functions
    that it calls, with the contract and the indexes, with changes_of_source(), and with the fingerprint of
    every parent, a seed's being that of its rows. -#}
{% macro build_fingerprint(definition) %}
  {%- set parents = dbt.build_parents() -%}
  {%- set parts = [
      definition,
      model.config.materialized,
      config.get('indexes', []) | tojson,
      model.constraints | default([]) | string,
  ] + dbt.functions_behind(definition) -%}
  {%- if config.persist_relation_docs() -%}
    {%- do parts.append(model.description) -%}
  {%- endif -%}
  {%- for column in model.columns.values() -%}
    {%- do parts.append(
        column.name ~ ' ' ~ column.data_type ~ ' '
        ~ column.constraints | string
    ) -%}
    {%- if config.persist_column_docs() -%}
      {%- do parts.append(column.description) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for source in parents.sources -%}
    {%- set changes = changes_of_source(source) -%}
    {%- if changes -%}{%- do parts.append(dbt.run_sql(changes) | string) -%}{%- endif -%}
  {%- endfor -%}
  {%- if parents.direct -%}
    {%- set known = dbt.run_sql(
        "select relation, fingerprint from _build_state where relation in ('"
        ~ parents.direct | join("', '") ~ "') order by relation"
    ) -%}
    {%- for row in known -%}
      {%- do parts.append(row[0] ~ ' ' ~ row[1]) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}


{#- Whether the node's table is there and was built from just this. -#}
{% macro is_built_from(fingerprint) %}
  {{ return(
      dbt.run_sql(
          "select 1 from _build_state where relation = '" ~ this.identifier
          ~ "' and fingerprint = '" ~ fingerprint ~ "'"
      ) | length == 1
      and dbt.kind_of_relation(this.identifier) == 'table'
  ) }}
{% endmacro %}


{#- The newest delivery that all parents hold: of a source the newest there is, of
    a model what it was built from. -1 where deliveries have no number. -#}
{% macro build_watermark() %}
  {%- set parents = dbt.build_parents() -%}
  {%- set candidates = [] -%}
  {%- set newest = newest_batch() -%}
  {%- if parents.sources and newest -%}
    {%- do candidates.append(
        "select coalesce((" ~ newest ~ "), 0) as watermark"
    ) -%}
  {%- endif -%}
  {%- if parents.stored -%}
    {%- do candidates.append(
        "select min(watermark) as watermark from _build_state"
        ~ " where watermark >= 0 and relation in ('"
        ~ parents.stored | join("', '") ~ "')"
    ) -%}
  {%- endif -%}
  {%- if not candidates -%}{{ return(-1) }}{%- endif -%}
  {%- set found = dbt.run_sql(
      "select coalesce(min(watermark), -1) from ("
      ~ candidates | join(' union all ') ~ ") as candidates"
  ) -%}
  {{ return(found[0][0] | int) }}
{% endmacro %}


{#- A delta checks the foreign keys that it touches, a rebuild does not. -#}
{% macro save_build_state(fingerprint, watermark, is_rebuilt) %}
  {% do dbt.run_sql(
      "insert into _build_state"
      ~ " (relation, fingerprint, watermark, are_children_checked)"
      ~ " values ('" ~ this.identifier ~ "', '" ~ fingerprint ~ "', "
      ~ watermark ~ ", 0) on conflict (relation) do update set"
      ~ " fingerprint = excluded.fingerprint, watermark = excluded.watermark"
      ~ (", are_children_checked = 0" if is_rebuilt else "")
  ) %}
{% endmacro %}
