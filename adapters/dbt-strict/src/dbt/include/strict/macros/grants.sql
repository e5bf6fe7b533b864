{#- Grants what the configuration `grants` says of the project's relations, and takes
    back what others may do with them; run at the end, for a table that is not built
    must follow it, too. Where nobody is named, nothing changes. A name may hold several,
    separated by blanks. -#}
{% macro grant_access() %}
  {{ return(adapter.dispatch('grant_access')()) }}
{% endmacro %}


{#- A file has no roles. -#}
{% macro default__grant_access() %}{% endmacro %}


{% macro postgres__grant_access() %}
  {%- set wanted = {} -%}
  {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] -%}
    {%- set held = [] -%}
    {%- for privilege, given in (node.config.get('grants') or {}).items() -%}
      {%- set names = [given] if given is string else given -%}
      {%- for grantee in (names | join(' ')).split() -%}
        {%- do held.append((privilege | lower, grantee)) -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- if held -%}{%- do wanted.update({node.alias: held}) -%}{%- endif -%}
  {%- endfor -%}
  {%- if wanted -%}
    {%- set held = {} -%}
    {%- for name, privilege, grantee in dbt.run_sql(
        "select relname, lower(privilege_type), coalesce(rolname, 'public')"
        ~ ' from pg_class cross join aclexplode(relacl) as held'
        ~ ' left join pg_roles on pg_roles.oid = held.grantee'
        ~ " where relkind in ('r', 'v') and held.grantee <> relowner"
        ~ " and relnamespace = to_regnamespace('" ~ target.schema ~ "')"
        ~ " union all select relname, '', '' from pg_class where relkind in ('r', 'v')"
        ~ " and relnamespace = to_regnamespace('" ~ target.schema ~ "')"
    ) -%}
      {%- do held.setdefault(name, []).append((privilege, grantee)) -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- set grantees = [] -%}
    {%- for name, pairs in wanted.items() if name in held -%}
      {%- set place = target.schema ~ '.' ~ adapter.quote(name) -%}
      {%- for privilege, grantee in pairs -%}
        {%- do grantees.append(dbt.role_name(grantee)) -%}
        {%- if (privilege, grantee) not in held[name] -%}
          {%- do statements.append(
              'grant ' ~ privilege ~ ' on ' ~ place ~ ' to ' ~ dbt.role_name(grantee)
          ) -%}
        {%- endif -%}
      {%- endfor -%}
      {%- for privilege, grantee in held[name]
          if grantee and (privilege, grantee) not in pairs -%}
        {%- do statements.append(
            'revoke ' ~ privilege ~ ' on ' ~ place ~ ' from ' ~ dbt.role_name(grantee)
        ) -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- if statements -%}
      {%- do statements.append(
          'grant usage on schema ' ~ target.schema ~ ' to '
          ~ grantees | unique | join(', ')
      ) -%}
      {%- do dbt.run_sql(statements | join('; ')) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}


{% macro role_name(grantee) %}
  {{ return(grantee if grantee == 'public' else adapter.quote(grantee)) }}
{% endmacro %}
