{#- The digest of a text in UTF-8, as hexadecimal digits in lower case; NULL of NULL.
    SQLite has no digests: its adapter adds `hex_digest` to every connection.
    PostgreSQL has sha1 in the extension pgcrypto. -#}
{% macro hashed(value, algorithm) -%}
  {%- set known = ['md5', 'sha1', 'sha256', 'sha512'] -%}
  {%- if algorithm not in known -%}
    {%- do exceptions.raise_compiler_error(
        'hashed: algorithm must be one of ' ~ known | join(', ') ~ '; received '
        ~ algorithm
    ) -%}
  {%- endif -%}
  {{ return(adapter.dispatch('hashed', 'revenue_warehouse')(value, algorithm)) }}
{%- endmacro %}


{% macro default__hashed(value, algorithm) -%}
  {%- if algorithm == 'sha512' -%}
    {%- do exceptions.raise_compiler_error(
        'hashed: ' ~ target.type ~ ' has md5, sha1 and sha256, but no sha512'
    ) -%}
  {%- endif -%}
{{ algorithm }}({{ value }})
{%- endmacro %}


{% macro sqlite__hashed(value, algorithm) -%}
hex_digest('{{ algorithm }}', {{ value }})
{%- endmacro %}


{% macro postgres__hashed(value, algorithm) -%}
{%- if algorithm == 'md5' -%}
md5({{ value }})
{%- elif algorithm == 'sha1' -%}
encode(digest({{ value }}, 'sha1'), 'hex')
{%- else -%}
encode({{ algorithm }}(convert_to({{ value }}, 'UTF8')), 'hex')
{%- endif -%}
{%- endmacro %}


{% macro spark__hashed(value, algorithm) -%}
{%- if algorithm in ['md5', 'sha1'] -%}
{{ algorithm }}({{ value }})
{%- else -%}
sha2({{ value }}, {{ algorithm[3:] }})
{%- endif -%}
{%- endmacro %}
