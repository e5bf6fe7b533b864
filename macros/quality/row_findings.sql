{#- The row rules that a record breaks, as the text of a JSON array, or NULL.
    Each rule is [rule, column, condition]; the value shown is the column's as
    delivered, `given_<column>`. -#}
{% macro row_findings(rules) -%}
nullif('[' || substr(
{%- for rule, column, condition in rules %}
            {{ '|| ' if not loop.first }}case when {{ condition }}
                then ',' || {{ json_object_text({
                    'rule': "'" ~ rule ~ "'",
                    'column': "'" ~ column ~ "'",
                    'value': 'given_' ~ column,
                }) }} else '' end
{%- endfor %}
            , 2) || ']', '[]')
{%- endmacro %}
