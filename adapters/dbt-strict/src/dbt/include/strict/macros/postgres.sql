{#- What PostgreSQL does otherwise: views hold the tables that they read, a foreign key
    holds its parent, and names are of the whole schema. A relation is built beside the
    old one, which others read meanwhile, and then put in its place. -#}

{% macro postgres__begin_build(foreign_keys) %}
  {#- a statement that begins a transaction -#}
  {% call statement('begin') -%} select 1 {%- endcall %}
{% endmacro %}


{% macro postgres__kind_of_relation(name) %}
  {%- set found = dbt.run_sql(
      "select case relkind when 'v' then 'view' else 'table' end from pg_class"
      ~ " where oid = to_regclass('" ~ target.schema ~ '."' ~ name ~ '"'
      ~ "') and relkind in ('r', 'v')"
  ) -%}
  {{ return(found[0][0] if found else none) }}
{% endmacro %}


{% macro postgres__begin_relation() %}
  {{ return(this.incorporate(path={'identifier': this.identifier ~ '__new'})) }}
{% endmacro %}


{#- Views that read the old relation are made again, each as it was; one that cannot
    read the new one is left out: its own model makes it. Who may read the old relation
    may read the new one. -#}
{% macro postgres__finish_relation(made, kind) %}
  {%- set old = dbt.kind_of_relation(this.identifier) -%}
  {%- set place = "'" ~ this ~ "'" -%}
  {%- if old -%}
    {%- do dbt.run_alone([
        'create temp table _dependants on commit drop as'
        ~ ' with recursive found (view, depth) as ('
        ~ 'select to_regclass(' ~ place ~ ')::oid, 0 union all'
        ~ ' select rule.ev_class, found.depth + 1 from found'
        ~ ' inner join pg_depend as held on held.refobjid = found.view'
        ~ " and held.refclassid = 'pg_class'::regclass"
        ~ " and held.classid = 'pg_rewrite'::regclass"
        ~ ' inner join pg_rewrite as rule on rule.oid = held.objid'
        ~ ' where rule.ev_class <> found.view)'
        ~ ' select view::regclass::text as name, max(depth) as depth,'
        ~ ' case when max(depth) > 0 then pg_get_viewdef(view) end as query, '
        ~ dbt.kept_of('view') ~ ' as kept from found group by view',
        'drop ' ~ old ~ ' ' ~ this ~ ' cascade',
    ]) -%}
  {%- endif -%}
  {%- set statements = [
      'alter ' ~ kind ~ ' ' ~ made ~ ' rename to "' ~ this.identifier ~ '"'
  ] -%}
  {%- do statements.extend(dbt.relation_comments(kind)) -%}
  {%- do dbt.run_sql(statements | join('; ')) -%}
  {%- if kind == 'table' -%}
    {%- do dbt.run_sql("
        do $_$
        declare
            made record;
        begin
            for made in
                select 'index' as kind, relname as name
                from pg_index
                inner join pg_class on pg_class.oid = indexrelid
                where indrelid = to_regclass(" ~ place ~ ")
                union all
                select 'constraint', conname
                from pg_constraint
                where conrelid = to_regclass(" ~ place ~ ") and contype = 'c'
            loop
                if made.name like '%\\_\\_new%' then
                    execute case made.kind
                        when 'index' then format(
                            'alter index %I rename to %I', made.name,
                            replace(made.name, '__new', '')
                        )
                        else format(
                            'alter table " ~ this ~ " rename constraint %I to %I',
                            made.name, replace(made.name, '__new', '')
                        )
                    end;
                end if;
            end loop;
        end
        $_$;
        analyze " ~ this
    ) -%}
  {%- endif -%}
  {%- if old -%}
    {%- do dbt.run_sql("
        do $_$
        declare
            held record;
        begin
            for held in select * from _dependants order by depth, name loop
                begin
                    if held.query is not null then
                        execute 'create view ' || held.name || ' as ' || held.query;
                    end if;
                    execute held.kept;
                exception when others then
                    raise notice '% is left out: %', held.name, sqlerrm;
                end;
            end loop;
        end
        $_$;
        drop table _dependants
    ") -%}
  {%- endif -%}
{% endmacro %}


{#- Runs statements that take relations away, one build at a time. Who reads them
    meanwhile may be a build that waits for its turn: then this one gives way, and tries
    again. -#}
{% macro run_alone(statements) %}
  {%- do dbt.run_sql("
      do $_$
      declare
          tries integer := 0;
      begin
          loop
              begin
                  perform pg_advisory_xact_lock(7283001);
                  set local lock_timeout = '200ms';
                  " ~ statements | join('; ') ~ ";
                  set local lock_timeout = 0;
                  exit;
              exception when lock_not_available or deadlock_detected then
                  tries := tries + 1;
                  if tries > 1500 then raise; end if;
                  perform pg_sleep(0.02 + random() * 0.1);
              end;
          end loop;
      end
      $_$
  ") -%}
{% endmacro %}


{#- The statements that give a relation again what is not in its query: who may read
    it, and of a view that is not built now the description. -#}
{% macro kept_of(relation) %}
  {{ return(
      "concat_ws('; ', 'select 1', (select format('comment on view %s is %L', "
      ~ relation ~ "::regclass, obj_description(" ~ relation ~ ", 'pg_class'))"
      ~ " from pg_class where oid = " ~ relation ~ " and relkind = 'v'"
      ~ " and oid <> to_regclass('" ~ this ~ "')), "
      ~ "(select string_agg(format('grant select on %s to %s', " ~ relation
      ~ "::regclass, coalesce(quote_ident(rolname), 'public')), '; ') from pg_class,"
      ~ " aclexplode(relacl) as held left join pg_roles on pg_roles.oid = grantee"
      ~ " where pg_class.oid = " ~ relation ~ " and privilege_type = 'SELECT'))"
  ) }}
{% endmacro %}


{% macro relation_comments(kind) %}
  {%- set comments = [] -%}
  {%- if config.persist_relation_docs() and model.description -%}
    {%- do comments.append(
        'comment on ' ~ kind ~ ' ' ~ this ~ ' is ' ~ dbt.text_literal(model.description)
    ) -%}
  {%- endif -%}
  {%- if config.persist_column_docs() -%}
    {%- for column in model.columns.values() if column.description -%}
      {%- do comments.append(
          'comment on column ' ~ this ~ '.' ~ dbt.quoted_name(column) ~ ' is '
          ~ dbt.text_literal(column.description)
      ) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(comments) }}
{% endmacro %}


{% macro text_literal(text) %}
  {{ return("'" ~ text.split() | join(' ') | replace("'", "''") ~ "'") }}
{% endmacro %}


{#- To drop a key both of its tables are locked. So this is a transaction of its own,
    which holds nothing that another build could wait for. What it drops, the end of
    the run declares, also if the build fails. -#}
{% macro postgres__release_keys(is_whole) %}
  {%- set place = "to_regclass('" ~ this ~ "')" -%}
  {%- set statements = [] -%}
  {%- for row in dbt.run_sql(
      "select conrelid::regclass::text, quote_ident(conname) from pg_constraint"
      ~ " where contype = 'f' and " ~ place ~ " in (confrelid"
      ~ (', conrelid' if is_whole) ~ ')'
  ) -%}
    {%- do statements.append(
        'alter table ' ~ row[0] ~ ' drop constraint if exists ' ~ row[1]
    ) -%}
  {%- endfor -%}
  {%- if statements -%}
    {%- do adapter.commit() -%}
    {%- do dbt.run_alone(statements) -%}
    {%- do dbt.begin_build() -%}
  {%- endif -%}
{% endmacro %}


{#- A parent that is built anew loses the keys that lead to it, and one that loses rows
    gives them up. They are declared when the run ends, at first for new rows alone: that
    takes no time. Then old rows are looked at, with no lock that others would wait for.
    They are checked when a transaction ends, for a delta deletes rows and puts them
    back. -#}
{% macro postgres__check_children() %}
  {%- set there = dbt.run_sql(
      "select relname from pg_class where relkind = 'r' and relnamespace = to_regnamespace('"
      ~ target.schema ~ "')"
  ) | map('first') | list -%}
  {%- set declared = dbt.run_sql(
      "select conname from pg_constraint where contype = 'f'"
      ~ " and connamespace = to_regnamespace('" ~ target.schema ~ "')"
  ) | map('first') | list -%}
  {%- for node in graph.nodes.values()
      if node.resource_type == 'model' and node.alias in there -%}
    {%- for key in dbt.references_of(node) if key.parent in there -%}
      {%- set name = dbt.postgres__index_name(
          ([node.alias] + key.columns + ['fkey']) | join('__')
      ) -%}
      {%- if name not in declared -%}
        {%- do dbt.run_sql(
            'alter table ' ~ node.alias ~ ' add constraint ' ~ name
            ~ ' foreign key (' ~ key.columns | join(', ') ~ ') references '
            ~ key.parent ~ ' (' ~ key.parent_columns | join(', ')
            ~ ') deferrable initially deferred not valid'
        ) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- do adapter.commit() -%}
  {%- do dbt.begin_build() -%}
  {%- for row in dbt.run_sql(
      "select conrelid::regclass::text, quote_ident(conname) from pg_constraint"
      ~ " where contype = 'f' and not convalidated"
      ~ " and connamespace = to_regnamespace('" ~ target.schema ~ "')"
  ) -%}
    {%- do dbt.run_sql('alter table ' ~ row[0] ~ ' validate constraint ' ~ row[1]) -%}
  {%- endfor -%}
{% endmacro %}
