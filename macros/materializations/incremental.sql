{% materialization incremental, adapter='sqlite' %}
  {{ return(build_incremental(sql)) }}
{% endmaterialization %}


{% materialization incremental, adapter='duckdb' %}
  {{ return(build_incremental(sql)) }}
{% endmaterialization %}


{#- Applies the rows a model's SQL finds newer than its watermark.

    Rebuilds in full when the relation is missing, on --full-refresh, and when
    the fingerprint says that SQL, contract, seeds or any parent changed.

    Strategies: append; delete+insert (all rows of a key are replaced); merge
    (insert, or update where a column differs that is not one of
    `merge_exclude_columns`). A delta must be unique on its
    unique_key under merge, or the last row wins. -#}
{% macro build_incremental(sql) %}
  {%- if 'is_incremental(' in model.raw_code -%}
    {%- do exceptions.raise_compiler_error(
        "incremental model " ~ this.identifier ~ ": filter with watermark(), not"
        ~ " is_incremental(), which would change its SQL from run to run"
    ) -%}
  {%- endif -%}
  {%- set strategy = config.get('incremental_strategy') or 'append' -%}
  {%- if strategy not in ['append', 'delete+insert', 'merge'] -%}
    {%- do exceptions.raise_compiler_error(
        "incremental_strategy of " ~ this.identifier ~ " must be append, "
        ~ "delete+insert or merge, got: " ~ strategy
    ) -%}
  {%- endif -%}
  {%- set keys = config.get('unique_key') or [] -%}
  {%- set keys = [keys] if keys is string else keys -%}
  {%- if strategy != 'append' and not keys -%}
    {%- do exceptions.raise_compiler_error(
        "incremental model " ~ this.identifier ~ " with strategy " ~ strategy
        ~ " needs a unique_key"
    ) -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do begin_build(foreign_keys=true) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set fingerprint = build_fingerprint(sql) -%}
  {%- set is_current =
      is_built_from(fingerprint) and not should_full_refresh()
  -%}

  {% if is_current %}
    {% do apply_delta(sql, strategy, keys) %}
    {% do save_build_state(
        fingerprint, build_watermark(), not enforces_references()
    ) %}
  {% else %}
    {#- a table with children can only be dropped with foreign keys off -#}
    {% do adapter.commit() %}
    {% do begin_build() %}
    {% do rebuild(sql) %}
  {% endif %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}


{% macro apply_delta(sql, strategy, keys) %}
  {%- set delta = this.identifier ~ '__delta' -%}
  {%- set target = this.incorporate(type='table') -%}
  {%- set names = column_names(target) -%}
  {%- set columns = names | join(', ') -%}
  {% do defer_references() %}
  {% do run_sql('create temp table ' ~ delta ~ ' as ' ~ sql) %}

  {% if strategy == 'delete+insert' %}
    {% do run_sql(
        'delete from ' ~ target ~ ' where (' ~ keys | join(', ') ~ ') in'
        ~ ' (select ' ~ keys | join(', ') ~ ' from temp.' ~ delta ~ ')'
    ) %}
  {% endif %}

  {#- A parent can have been ahead of the one whose watermark counts; what came
      from its newer files comes again, and has no key by which to replace it. -#}
  {% if strategy != 'merge' and '_file_id' in names %}
    {% do run_sql(
        'delete from ' ~ target ~ ' where _file_id > ' ~ watermark()
        ~ (' and (' ~ keys | join(' is null or ') ~ ' is null)' if keys else '')
    ) %}
  {% endif %}

  {%- set compared = names | reject(
      'in', keys + (config.get('merge_exclude_columns') or [])
  ) | list %}
  {% call statement('main') %}
    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from temp.{{ delta }}
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
  {% do run_sql('drop table temp.' ~ delta) %}
  {% if not enforces_references() %}{% do check_references(model) %}{% endif %}
{% endmacro %}
