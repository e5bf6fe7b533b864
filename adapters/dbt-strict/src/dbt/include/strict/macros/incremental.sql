{% materialization incremental, adapter='sqlite_strict' %}
  {{ return(dbt.build_incremental(sql)) }}
{% endmaterialization %}


{% materialization incremental, adapter='duckdb_strict' %}
  {{ return(dbt.build_incremental(sql)) }}
{% endmaterialization %}


{% materialization incremental, adapter='postgres_strict' %}
  {{ return(dbt.build_incremental(sql)) }}
{% endmaterialization %}


{#- Applies the rows that a model's SQL finds new.

    Rebuilds in full when the relation is missing, on --full-refresh, and when
    the fingerprint says that SQL, contract, seeds or any parent changed, unless the
    model configures `full_refresh: false`.

    Strategies: append, the default without a unique_key; delete+insert (all rows of
    a key are replaced), the default with one; merge (insert, or update where a
    column differs that is not one of `merge_exclude_columns`). A delta must be
    unique on its unique_key under merge, or the last row wins.

    With `loses_rows`, hooks delete rows that children still refer to: these follow
    later in the same run, at whose end their foreign keys are checked. -#}
{% macro build_incremental(sql) %}
  {%- set keys = config.get('unique_key') or [] -%}
  {%- set keys = [keys] if keys is string else keys -%}
  {%- set strategy = config.get('incremental_strategy')
      or ('delete+insert' if keys else 'append') -%}
  {%- if strategy not in ['append', 'delete+insert', 'merge'] -%}
    {%- do exceptions.raise_compiler_error(
        "incremental_strategy of " ~ this.identifier ~ " must be append, "
        ~ "delete+insert or merge, got: " ~ strategy
    ) -%}
  {%- endif -%}
  {%- if config.get('incremental_predicates') -%}
    {%- do exceptions.raise_compiler_error(
        "incremental model " ~ this.identifier ~ ": incremental_predicates are not"
        ~ " supported; filter in the model"
    ) -%}
  {%- endif -%}
  {%- if strategy != 'append' and not keys -%}
    {%- do exceptions.raise_compiler_error(
        "incremental model " ~ this.identifier ~ " with strategy " ~ strategy
        ~ " needs a unique_key"
    ) -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {%- set loses_rows = config.get('loses_rows', false) -%}
  {% do dbt.begin_build(foreign_keys=not loses_rows) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set fingerprint = dbt.build_fingerprint(dbt.incremental_definition(sql)) -%}
  {%- set is_delta = dbt.takes_a_delta(fingerprint) -%}
  {% if is_delta %}
    {% if dbt.may_have_new_rows() %}
      {% if loses_rows %}{% do dbt.release_keys(false) %}{% endif %}
      {% do dbt.apply_delta(sql, strategy, keys) %}
      {% do dbt.check_keys() %}
    {% else %}
      {% call noop_statement('main', 'NOTHING NEW') %}{% endcall %}
    {% endif %}
    {% do dbt.save_build_state(
        fingerprint, dbt.build_watermark(),
        loses_rows or not dbt.enforces_references()
    ) %}
  {% else %}
    {#- a table with children can only be dropped with foreign keys off -#}
    {% do adapter.commit() %}
    {% do dbt.begin_build() %}
    {% do dbt.release_keys(true) %}
    {% do dbt.rebuild(sql, dbt.incremental_definition(sql)) %}
  {% endif %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {#- a row that a hook deletes may refer to a parent that went before it -#}
  {% if is_delta and loses_rows and dbt.enforces_references() %}
    {% do dbt.check_references(model) %}
  {% endif %}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}


{#- What the model is made from: the compiled SQL, unless is_incremental() changes
    that from run to run. Then a changed macro is not noticed. -#}
{% macro incremental_definition(sql) %}
  {{ return(model.raw_code if 'is_incremental(' in model.raw_code else sql) }}
{% endmacro %}


{% macro takes_a_delta(fingerprint) %}
  {%- if config.get('full_refresh') is sameas false -%}
    {{ return(dbt.kind_of_relation(this.identifier) == 'table') }}
  {%- endif -%}
  {{ return(dbt.is_built_from(fingerprint) and not should_full_refresh()) }}
{% endmacro %}


{#- dbt's own says yes of any table; if that is built anew because its definition
    changed, its SQL must select all rows. -#}
{% macro is_incremental() %}
  {%- if not execute or model.resource_type != 'model'
      or config.get('materialized') != 'incremental'
      or not dbt.kind_of_relation('_build_state') -%}
    {{ return(false) }}
  {%- endif -%}
  {%- if 'is_incremental(' not in model.raw_code -%}
    {%- do exceptions.raise_compiler_error(
        "incremental model " ~ this.identifier ~ ": a macro that it uses calls"
        ~ " is_incremental(); call that in the model, and pass the answer on"
    ) -%}
  {%- endif -%}
  {{ return(dbt.takes_a_delta(dbt.build_fingerprint(model.raw_code))) }}
{% endmacro %}


{#- Whether a source or another parent is ahead of the model; one that reads no source
    is always taken to be behind, unless the relation that it configures as `only_with`
    is empty. A long query that finds nothing costs as much as one that finds a few
    rows. -#}
{% macro may_have_new_rows() %}
  {%- set needed = config.get('only_with') -%}
  {%- if needed and not dbt.run_sql(
      'select 1 from ' ~ this.incorporate(path={'identifier': needed}) ~ ' limit 1'
  ) -%}
    {{ return(false) }}
  {%- endif -%}
  {%- set parents = dbt.build_parents() -%}
  {%- set newest = [] -%}
  {%- for source in parents.sources -%}
    {%- do newest.append(newest_batch_of(source)) -%}
  {%- endfor -%}
  {%- if not newest or none in newest -%}{{ return(true) }}{%- endif -%}
  {%- if parents.stored -%}
    {%- do newest.append(
        "select max(watermark) from _build_state where relation in ('"
        ~ parents.stored | join("', '") ~ "')"
    ) -%}
  {%- endif -%}
  {{ return(
      dbt.run_sql(
          'select 1 from (select (' ~ newest | join(') as batch union all select (')
          ~ ') as batch) as newest where batch > ' ~ dbt.watermark()
      ) | length > 0
  ) }}
{% endmacro %}


{% macro apply_delta(sql, strategy, keys) %}
  {{ return(adapter.dispatch('apply_delta')(sql, strategy, keys)) }}
{% endmacro %}


{% macro default__apply_delta(sql, strategy, keys) %}
  {%- set delta = this.identifier ~ '__delta' -%}
  {%- set target = this.incorporate(type='table') -%}
  {%- set names = dbt.column_names(target) -%}
  {%- set columns = names | join(', ') -%}
  {% do dbt.defer_references() %}
  {% do dbt.run_sql('create temp table ' ~ delta ~ ' as ' ~ sql) %}

  {% if strategy == 'delete+insert' %}
    {% do dbt.run_sql(
        'delete from ' ~ target ~ ' where (' ~ keys | join(', ') ~ ') in'
        ~ ' (select ' ~ keys | join(', ') ~ ' from ' ~ dbt.temporary(delta) ~ ')'
    ) %}
  {% endif %}

  {#- A parent can have been ahead of the one whose watermark counts; what came
      with its newer deliveries comes again, and has no key by which to replace it. -#}
  {%- set batch = batch_column() -%}
  {% if strategy != 'merge' and batch in names %}
    {% do dbt.run_sql(
        'delete from ' ~ target ~ ' where ' ~ batch ~ ' > ' ~ watermark()
        ~ (' and (' ~ keys | join(' is null or ') ~ ' is null)' if keys else '')
    ) %}
  {% endif %}

  {%- set compared = (config.get('merge_update_columns') or names) | reject(
      'in', keys + (config.get('merge_exclude_columns') or [])
  ) | list %}
  {% call statement('main') %}
    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from {{ dbt.temporary(delta) }}
    {% if strategy == 'merge' -%}
    where true
    on conflict ({{ keys | join(', ') }}) do {% if not compared -%}
    nothing
    {%- else -%}
    update set
    {%- for name in compared %}
      {{ name }} = excluded.{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    where
    {%- for name in compared %}
      {{ 'or ' if not loop.first }}{{ this.identifier }}.{{ name }} is distinct from excluded.{{ name }}
    {%- endfor %}
    {%- endif %}
    {%- endif %}
  {% endcall %}
  {% do dbt.run_sql('drop table ' ~ dbt.temporary(delta)) %}
  {% if not dbt.enforces_references() %}{% do dbt.check_references(model) %}{% endif %}
{% endmacro %}


{#- The name of a temporary table. -#}
{% macro temporary(name) %}
  {{ return(adapter.dispatch('temporary')(name)) }}
{% endmacro %}


{% macro default__temporary(name) %}{{ return('temp.' ~ name) }}{% endmacro %}


{% macro postgres__temporary(name) %}{{ return('pg_temp.' ~ name) }}{% endmacro %}
