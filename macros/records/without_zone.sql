{#- A time without the abbreviation of its zone behind it. -#}
{% macro without_zone(x) -%}
case
        {%- for length, zones in zone_abbreviations().items() %}
        when lower({{ cleaning.text_end(x, length + 1) }}) in (
            ' {{ zones | join("', ' ") }}'
        )
            then substr({{ x }}, 1, length({{ x }}) - {{ length + 1 }})
        {%- endfor %}
        else {{ x }}
    end
{%- endmacro %}


{#- Abbreviations of time zones, by their length. -#}
{% macro zone_abbreviations() -%}
    {{ return({
        3: ['pst', 'pdt', 'mst', 'mdt', 'cst', 'cdt', 'est', 'edt', 'cet', 'bst',
            'eet', 'jst', 'ist', 'msk', 'hst'],
        4: ['cest', 'eest', 'west', 'aest', 'aedt', 'akst', 'akdt', 'nzst', 'nzdt'],
    }) }}
{%- endmacro %}
