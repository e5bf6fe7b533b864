{#- The row rules that a record breaks, as the text of a JSON array, or NULL.
    Each rule is [rule, column, condition], and the value to show if that is not
    `given_<column>`. -#}
{% macro row_findings(rules) -%}
nullif('[' || substr(
{%- for broken in rules %}
{%- set rule, column, condition = broken[:3] %}
            {{ '|| ' if not loop.first }}case when {{ condition }}
                then ',' || {{ json_object_text({
                    'rule': "'" ~ rule ~ "'",
                    'column': "'" ~ column ~ "'",
                    'value': broken[3] or 'given_' ~ column,
                }) }} else '' end
{%- endfor %}
            , 2) || ']', '[]')
{%- endmacro %}
