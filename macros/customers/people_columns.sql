{#-
    The columns of a person as its source names it, in the order of
    int_people__given: `columns` are those that it has, {name: expression}. Its
    identifier is that of the source, with the kind before it, and its unit the record
    itself.
-#}
{% macro people_columns(kind, columns) -%}
{%- set record_id = "'" ~ kind ~ ":' || " ~ columns.source_record_id -%}
{%- set columns = dict(
    {'record_id': record_id, 'unit_id': columns.record_id or record_id}, **columns
) -%}
'{{ kind }}' as record_kind,
        {%- for name in [
            'record_id', 'source_record_id', 'unit_id', 'record_number', 'first_name',
            'last_name', 'full_name', 'title', 'company_name', 'company_id', 'email',
            'phone', 'phone_e164', 'city', 'country', 'email_hash', 'phone_hash', 'hash_table',
            'is_gone', 'created_at', 'changed_at', 'latest_file_id',
            'touched_file_id', '_row_id', '_file_id',
        ] %}
        {{ columns.get(name) or 'cast(null as text)' }}
            {{- '' if columns.get(name) == name else ' as ' ~ name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
