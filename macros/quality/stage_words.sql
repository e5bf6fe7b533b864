{#- How a deal ends in a stage, by the words in its name, given as `code_key` has it:
    `won`, `lost`, or `ended` where only the end is named. -#}
{% macro stage_words(key) -%}
{%- set words = {
    'lost': ['lost', 'dead', 'disqualified', 'verloren', 'perdid', 'perdu'],
    'won': ['won', 'signed', 'gewonnen', 'ganad', 'gagn', 'ganho'],
    'ended': ['closed', 'abgeschlossen', 'geschlossen'],
} -%}
case
            {%- for ending, spellings in words.items() %}
            when
                {%- for word in spellings %}
                {{ 'or ' if not loop.first -}}
                ' ' || {{ key }} like '% {{ word }}%'
                {%- endfor %}
                then '{{ ending }}'
            {%- endfor %}
        end
{%- endmacro %}
