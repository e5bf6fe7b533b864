{#- Whether a deal is closed: as its system says, by flags or its status; else by its
    stage, known or by the words in it; else by the plain mark. A lost deal of some
    systems keeps the stage in which it was lost. -#}
{% macro deal_is_closed(deal, stages) -%}
coalesce(
            case when {{ deal }}.is_marked_won is not null then {{ deal }}.is_marked_closed end,
            case when {{ deal }}.is_marked_won then true end,
            {{ deal_is_closed__status(deal) }} <> 'open',
            {{ stages }}.is_closed = 1,
            {{ deal }}.is_marked_closed,
            case when {{ deal_is_closed__words(deal, stages) }} is not null then true end
        )
{%- endmacro %}


{#- Whether it is won, likewise; a closed one with an unknown end is neither. -#}
{% macro deal_is_won(deal, stages) -%}
coalesce(
            {{ deal }}.is_marked_won,
            {{ deal_is_closed__status(deal) }} = 'won',
            {{ stages }}.is_won = 1,
            {{ deal_is_closed__words(deal, stages) }} = 'won',
            case
                when not {{ deal }}.is_marked_closed then false
            end
        )
{%- endmacro %}


{% macro deal_is_closed__status(deal) -%}
case lower({{ deal }}.source_status)
                when 'open' then 'open' when 'offen' then 'open' when 'active' then 'open'
                when 'won' then 'won' when 'gewonnen' then 'won' when 'ganado' then 'won'
                when 'lost' then 'lost' when 'verloren' then 'lost' when 'perdido' then 'lost'
            end
{%- endmacro %}


{#- Won or lost, by the words of a stage that no lookup knows. -#}
{% macro deal_is_closed__words(deal, stages) -%}
case
                when {{ stages }}.stage is not null or {{ deal }}.source_stage is null then null
                {%- for ending, words in [
                    ('lost', ['lost', 'dead', 'disqualified', 'verloren', 'perdid']),
                    ('won', ['won', 'signed', 'gewonnen', 'ganad']),
                ] %}
                when
                    {%- for word in words %}
                    {{ 'or ' if not loop.first -}}
                    ' ' || lower({{ deal }}.source_stage) like '% {{ word }}%'
                    {%- endfor %}
                    then '{{ ending }}'
                {%- endfor %}
            end
{%- endmacro %}
