{#- A digest in hexadecimal digits (MD5, SHA-1 or SHA-256) in lower case, or NULL.
    The digest of an empty text stands for a missing value. -#}
{% macro clean_hash(x) -%}
    {{ return(adapter.dispatch('clean_hash', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__clean_hash(x) -%}
nullif(nullif(nullif(
    case
        when lower(trim({{ x }}, ' '))
            ~ '^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$'
            then lower(trim({{ x }}, ' '))
    end
{%- for digest in cleaning.digests_of_nothing() %}, '{{ digest }}'){% endfor %}
{%- endmacro %}


{% macro sqlite__clean_hash(x) -%}
nullif(nullif(nullif(
    {{ cleaning.sqlite_shortcut(
        x,
        'length(' ~ x ~ ') in (32, 40, 64) and ' ~ x ~ " not glob '*[^0-9a-f]*'",
        x,
        'case when length(trim(' ~ x ~ ')) in (32, 40, 64) and trim(' ~ x
        ~ ") not glob '*[^0-9a-fA-F]*' then lower(trim(" ~ x ~ ')) end'
    ) }}
{%- for digest in cleaning.digests_of_nothing() %}, '{{ digest }}'){% endfor %}
{%- endmacro %}


{% macro digests_of_nothing() %}
  {{ return([
      'd41d8cd98f00b204e9800998ecf8427e',
      'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'e3b0c44298fc1c149afbf4c8996fb924'
      ~ '27ae41e4649b934ca495991b7852b855',
  ]) }}
{% endmacro %}
