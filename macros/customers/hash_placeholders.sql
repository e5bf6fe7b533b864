{#- The digests of what is written where an address or a number is missing: missing
    markers, digits without meaning, and the mailboxes of nobody at domains of nobody;
    by each declared algorithm. One column, `hash`; a whole select. -#}
{% macro hash_placeholders() -%}
{%- set mailboxes = ref('shared_mailboxes') -%}
{%- set texts = [] -%}
{%- for marker in cleaning.missing_markers() + ['unknown', 'undefined', '-', '--', ' '] -%}
  {%- do texts.extend([marker, marker | upper, marker | capitalize]) -%}
{%- endfor -%}
{%- for digit in range(10) -%}
  {%- for length in range(1, 13) -%}
    {%- do texts.append(digit | string * length) -%}
  {%- endfor -%}
  {%- for code in ['1', '+1', '+'] -%}
    {%- do texts.append(code ~ digit | string * 10) -%}
  {%- endfor -%}
{%- endfor -%}
{%- for digits in ['1234567890', '0123456789', '123456789', '12345', '1231231234'] -%}
  {%- do texts.extend([digits, '1' ~ digits, '+1' ~ digits, '+' ~ digits]) -%}
{%- endfor -%}
{%- set found = [] -%}
{%- for text in texts | unique(case_sensitive=true) -%}
  {%- do found.append({'text': text}) -%}
{%- endfor -%}
{%- for algorithm in declared_hashes() | map(attribute='algorithm') | unique | sort %}
    {{ 'union all' if not loop.first }}
    select {{ hashed(json_value('listed.value', 'text'), algorithm) }} as hash
    from (select '{{ tojson(found) | replace("'", "''") }}' as list) as given
    {{ json_elements('given.list', 'listed') }}
    union all
    select {{ hashed("nobodies.mailbox || '@' || domains.domain", algorithm) }} as hash
    from {{ mailboxes }} as nobodies
    cross join (
        {%- for domain in [
            'none.com', 'noemail.com', 'nomail.com', 'email.com', 'mail.com', 'test.com',
            'example.com', 'domain.com', 'no.com', 'na.com', 'gmail.com', 'yahoo.com',
        ] %}
        {{ 'union all' if not loop.first }}
        select '{{ domain }}' as domain
        {%- endfor %}
    ) as domains
{%- else %}
    select cast(null as text) as hash where 1 = 0
{%- endfor %}
{%- endmacro %}
