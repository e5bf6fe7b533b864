{#- Open, won or lost, by the status of a deal in the words of its system. -#}
{% macro deal_status(x) -%}
{{ cleaning.session_function('deal_status', [x], deal_status__of, unless='') }}
{%- endmacro %}


{% macro deal_status__of(x) -%}
{%- set words = {
    'open': ['open', 'offen', 'active', 'ouvert', 'abierto', 'aberto', 'aperto'],
    'won': ['won', 'gewonnen', 'ganado', 'gagné', 'ganho', 'vinto'],
    'lost': ['lost', 'verloren', 'perdido', 'perdu', 'perso'],
} -%}
case lower({{ x }})
                {%- for status, spellings in words.items() %}
                {%- for word in spellings %}
                when '{{ word }}' then '{{ status }}'
                {%- endfor %}
                {%- endfor %}
            end
{%- endmacro %}
