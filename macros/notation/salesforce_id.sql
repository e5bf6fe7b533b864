{#- An identifier of Salesforce of 15 characters, in which case counts, in the form of
    18: three letters say which characters of each five are capitals. -#}
{% macro salesforce_id(x) -%}
{{ cleaning.session_function('salesforce_id', [x], salesforce_id__of) }}
{%- endmacro %}


{% macro salesforce_id__of(x) -%}
{{ x }}
{%- for block in range(3) %}
                || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
                {%- for place in range(5) %}
                    + case when substr({{ x }}, {{ block * 5 + place + 1 }}, 1) between 'A' and 'Z' then {{ 2 ** place }} else 0 end
                {%- endfor %}, 1)
{%- endfor %}
{%- endmacro %}
