{#- A table whose rows take several statements to compute: temporary tables
    first, some of them in rounds until nothing changes, then the select that
    gives the rows. See the step_ macros for how a model writes them down.

    Built anew, or by its delta, as the incremental materialization does it. With
    `golden_of`, a table of clusters, the delta is the same text as the full build,
    after the rows went that are no cluster any more.
    Configs hold names, not refs: these stand for the model itself in a config.
    `rebuild_at_size_of` names a table: when it has grown to 1, 2, 5, 10, 20, …
    rows the model is built anew. -#}
{% materialization steps, default %}
  {{ return(identity.build_steps(sql)) }}
{% endmaterialization %}


{% macro build_steps(sql) %}
  {%- set parts = identity.steps__parts(sql) -%}
  {%- set sized = config.get('rebuild_at_size_of') -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do begin_build() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set definition = (parts.full if parts.due else sql)
      ~ (run_sql(parts.watch) if parts.watch else '')
      ~ (run_sql(identity.size_of(sized)) if sized else '') -%}
  {%- set fingerprint = build_fingerprint(definition) -%}
  {% if should_full_refresh() or not is_built_from(fingerprint) %}
    {% do release_keys(true) %}
    {% do rebuild(identity.run_steps(parts.full, is_apart=true), definition) %}
  {% else %}
    {%- set keys = config.get('unique_key') or [] -%}
    {%- set keys = [keys] if keys is string else keys -%}
    {%- set clusters = config.get('golden_of') -%}
    {%- if clusters -%}
      {%- do release_keys(false) -%}
      {%- do run_sql(
          'delete from ' ~ this ~ ' where ' ~ keys[0]
          ~ ' not in (select cluster_id from ' ~ clusters ~ ')'
      ) -%}
    {%- endif -%}
    {%- set delta = parts.full if clusters else parts.delta -%}
    {%- if delta and (not parts.due or run_sql(parts.due)) -%}
      {% do apply_delta(
          identity.run_steps(delta), 'delete+insert' if keys else 'append', keys
      ) %}
      {#- foreign keys are off, so that rows can go before their children do -#}
      {% do check_keys() %}
      {% if enforces_references() %}{% do check_references(model) %}{% endif %}
    {% else %}
      {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
    {% endif %}
    {% do save_build_state(
        fingerprint, build_watermark(),
        clusters is not none or not enforces_references()
    ) %}
  {% endif %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {% do identity.forget_steps() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}


{#- Runs all statements but the last, and returns that one. Those of step_repeat
    run in rounds; a model that takes 100 rounds is not converging, but an estimate
    is good enough after 30. `is_apart` says that nothing but temporary tables was
    written so far, so that each statement may have a transaction of its own. -#}
{% macro run_steps(script, is_apart=false) %}
  {%- set blocks = script.split('\n-- repeat\n') -%}
  {%- set at = namespace(last=identity.run_statements(blocks[0], is_apart)) -%}
  {%- for block in blocks[1:] -%}
    {%- do run_sql(at.last) -%}
    {%- set repeated = identity.step_repeat__parts(block) -%}
    {%- set at.goes_on = true -%}
    {%- for _ in range(30 if repeated.is_estimate else 100) -%}
      {%- if at.goes_on -%}
        {%- do run_sql(identity.run_statements(repeated.rounds, is_apart)) -%}
        {%- set at.goes_on = run_sql(repeated.until) | length > 0 -%}
      {%- endif -%}
    {%- endfor -%}
    {%- if at.goes_on and not repeated.is_estimate -%}
      {%- do exceptions.raise_compiler_error(
          this.identifier ~ ' did not converge in 100 rounds'
      ) -%}
    {%- endif -%}
    {%- set at.last = identity.run_statements(repeated.rest, is_apart) -%}
  {%- endfor -%}
  {{ return(at.last) }}
{% endmacro %}


{#- Runs all statements of a text but the last, and returns that one. -#}
{% macro run_statements(script, is_apart=false) %}
  {%- set statements = [] -%}
  {%- for sql in script.split('\n-- step\n') if sql | trim -%}
    {%- do statements.append(sql | trim) -%}
  {%- endfor -%}
  {%- for sql in statements[:-1] -%}
    {%- do run_sql(sql) -%}
    {%- if is_apart -%}
      {%- do identity.end_step() -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(statements[-1]) }}
{% endmacro %}


{#- Begins another transaction: DuckDB keeps what a temporary table held before, and
    what was dropped, until a transaction ends. SQLite does not. -#}
{% macro end_step() %}
  {{ return(adapter.dispatch('end_step', 'identity')()) }}
{% endmacro %}


{% macro default__end_step() %}{% endmacro %}


{% macro duckdb__end_step() %}
  {%- do run_sql('commit') -%}
  {%- do run_sql('begin') -%}
{% endmacro %}


{#- Drops the temporary tables of a model. DuckDB would hold them as long as dbt
    runs; SQLite has a file for them. -#}
{% macro forget_steps() %}
  {{ return(adapter.dispatch('forget_steps', 'identity')()) }}
{% endmacro %}


{% macro default__forget_steps() %}{% endmacro %}


{% macro duckdb__forget_steps() %}
  {%- for name in run_sql(
      "select table_name from duckdb_tables() where temporary"
      ~ " and starts_with(table_name, 'step_')"
  ) -%}
    {%- do run_sql('drop table temp.' ~ name[0]) -%}
  {%- endfor -%}
{% endmacro %}


{#- Roughly how many rows a table has: changes at 1, 2, 5, 10, 20, 50, … -#}
{% macro size_of(relation) %}
  {%- set digits -%}
    cast(count(*) as {{ logical_type('text') }})
  {%- endset -%}
  select
    length({{ digits }}),
    case
      when substr({{ digits }}, 1, 1) < '2' then 1
      when substr({{ digits }}, 1, 1) < '5' then 2
      else 5
    end
  from {{ relation }}
{% endmacro %}
