{#- The value of an amount or date as it was delivered, though it could be read both
    ways, so that it is marked, or was written as the declaration has it. -#}
{% macro as_delivered(column) -%}
{{ cleaning.session_function('as_delivered', [
    'given_' ~ column, '_notes', "' " ~ column ~ ":as='"
], as_delivered__of) }}
{%- endmacro %}


{% macro as_delivered__of(given, notes, note) -%}
{%- set at = cleaning.position_of(notes, note) -%}
case
                    when {{ at }} > 0
                        then {{ cleaning.text_before(
                            'substr(' ~ notes ~ ', ' ~ at ~ ' + length(' ~ note ~ '))', '|'
                        ) }}
                    else replace(replace(
                        {{ given }}, ' (thousands or decimals?)', ''
                    ), ' (day or month first?)', '')
                end
{%- endmacro %}
