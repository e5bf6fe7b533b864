{#- Words that a lookup does not have, each once, at the first record with it: rows in
    the shape of findings, a whole select. Of many rows few words are looked up. -#}
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
            {{ where }}
            and {{ value }} in (
                select words.word from (
                    select distinct given.{{ value }} as word
                    from {{ relation }} as given
                    where given.{{ value }} is not null
                ) as words
                where {{ cleaning.code_key('words.word') }} not in (
                    select {{ cleaning.code_key('known.' ~ key[0]) }}
                    from {{ lookup }} as known
                    where {{ key[1] or 'true' }}
                )
            )
    ) as unknown_ones
    where place = 1
{%- endmacro %}
