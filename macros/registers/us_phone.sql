{#- A telephone number of the United States as E.164, or NULL. Registers write
    numbers of area codes that nobody has given out yet, too: by their shape. -#}
{% macro us_phone(x) -%}
{%- set mark = namespace(less=x) -%}
{%- for each in [' ', '-', '.', '(', ')'] -%}
{%- set mark.less = 'replace(' ~ mark.less ~ ", '" ~ each ~ "', '')" -%}
{%- endfor -%}
{%- set digits = mark.less -%}
coalesce(
    {{ cleaning.phone_e164(x, "'US'") }},
    case
        when length({{ digits }}) = 10
            and trim({{ digits }}, '0123456789') = ''
            and substr({{ digits }}, 1, 1) not in ('0', '1')
            and substr({{ digits }}, 4, 1) not in ('0', '1')
            then '+1' || {{ digits }}
    end
)
{%- endmacro %}
