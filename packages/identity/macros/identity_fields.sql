{#-
    The fields by which the records of an entity are compared, in the order of
    the letters of a pattern. They are configured under `vars: identity:` as
    [{name, kind}, …]; the kind says how a value is read and compared. A full
    name is compared as first and last name, and names bring a generation.
-#}
{% macro identity_fields(entity) -%}
    {%- if watermark is not defined -%}
        {%- do exceptions.raise_compiler_error(
            'identity_fields: the package needs an adapter of dbt-strict, such as'
            ~ ' sqlite_strict or duckdb_strict; received ' ~ target.type
        ) -%}
    {%- endif -%}
    {%- set configured = identity.identity_fields__given(entity) -%}
    {%- set kinds = identity.identity_kinds() -%}
    {%- set names = {} -%}
    {%- set fields = [] -%}
    {%- for field in configured -%}
        {%- if field.kind not in kinds or field.kind == 'generation' -%}
            {%- do exceptions.raise_compiler_error(
                'identity_fields: kind of ' ~ entity ~ '.' ~ field.name
                ~ ' must be one of ' ~ kinds | join(', ') ~ '; received '
                ~ field.kind
            ) -%}
        {%- endif -%}
        {%- if field.kind in ['first_name', 'last_name', 'full_name'] -%}
            {%- do names.update({field.kind: field.name}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for kind in ['first_name', 'last_name', 'generation']
        if names -%}
        {%- if kind in names or 'full_name' in names
            or (kind == 'generation' and 'last_name' in names) -%}
            {%- do fields.append(dict(kinds[kind], name=kind, kind=kind)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for field in configured
        if field.kind not in ['first_name', 'last_name', 'full_name'] -%}
        {%- do fields.append(
            dict(kinds[field.kind], name=field.name, kind=field.kind)
        ) -%}
    {%- endfor -%}
    {#- a second field of the firm says nothing that the first did not -#}
    {%- for field in (fields | selectattr('kind', 'in', ['company', 'company_id'])
        | list)[1:] -%}
        {%- do field.update({'moves': true}) -%}
    {%- endfor -%}
    {%- for field in fields -%}
        {#- the first letter of a pattern is the relation of its records -#}
        {%- do field.update({'position': loop.index + 1}) -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}


{#- The fields as configured; a text that is named as a domain is one. -#}
{% macro identity_fields__given(entity) -%}
    {%- set given = [] -%}
    {%- for field in identity.identity_settings(entity).fields -%}
        {%- set is_domain = field.kind == 'text' and (
            'domain' in field.name or 'website' in field.name
            or 'homepage' in field.name
        ) -%}
        {%- do given.append(dict(
            field, kind='domain' if is_domain else field.kind
        )) -%}
    {%- endfor -%}
    {{ return(given) }}
{%- endmacro %}


{#- The names of an entity's fields of some kinds. -#}
{% macro identity_fields__of(entity, kinds) -%}
    {{ return(
        identity.identity_fields(entity) | selectattr('kind', 'in', kinds)
        | map(attribute='name') | list
    ) }}
{%- endmacro %}


{#- Those of the fields that name a firm. -#}
{% macro identity_fields__firms(fields) -%}
    {{ return(fields
        | selectattr('kind', 'in', ['company', 'company_id']) | list) }}
{%- endmacro %}
