{#- Words that a lookup does not have, each once, at the first record with it: rows in
    the shape of findings, a whole select. -#}
{% macro unknown_words(
    rule, table_name, relation, record_id, column, value, lookup, key,
    where='true'
) -%}
select
        '{{ table_name }}' as table_name,
        record_id,
        '{{ rule }}' as rule,
        '{{ column }}' as column_name,
        source_value,
        _row_id
    from (
        select
            {{ record_id }} as record_id,
            {{ value }} as source_value,
            _row_id,
            row_number() over (
                partition by {{ cleaning.code_key(value) }} order by _row_id
            ) as place
        from {{ relation }}
        where
            {{ value }} is not null
            and {{ where }}
            and {{ cleaning.code_key(value) }} not in (
                {{ unknown_words__known(lookup, key) }}
            )
    ) as words
    where place = 1
{%- endmacro %}


{% macro unknown_words__known(lookup, key) -%}
select {{ cleaning.code_key('known.' ~ key[0]) }} from {{ lookup }} as known
                {%- if key | length > 1 %}
                where {{ key[1] }}
                {%- endif %}
{%- endmacro %}
