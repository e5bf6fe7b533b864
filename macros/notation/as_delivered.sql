{#- The value of an amount or date as it was delivered, though it could be read both
    ways, so that it is marked, or was written as the declaration has it. -#}
{% macro as_delivered(column) -%}
{%- set given, note = 'given_' ~ column, ' ' ~ column ~ ':as=' -%}
case
                    when _notes like '%{{ note }}%'
                        then {{ cleaning.text_before(
                            "substr(_notes, " ~ cleaning.position_of('_notes', "'" ~ note ~ "'")
                            ~ " + " ~ note | length ~ ")", '|'
                        ) }}
                    else replace(replace(
                        {{ given }}, ' (thousands or decimals?)', ''
                    ), ' (day or month first?)', '')
                end
{%- endmacro %}
