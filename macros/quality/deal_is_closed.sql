{#- Whether a deal is closed: as the user says of its stage; as its system says, by
    flags or its status; by its stage; else by the plain mark, and by what words or
    probabilities of the stage say. A lost deal of some systems keeps the stage in
    which it was lost. What is known from another stage (`is_end_earlier`)
    counts last. -#}
{% macro deal_is_closed(deal, stages) -%}
{%- set now = 'not ' ~ deal ~ '.is_end_earlier' -%}
coalesce(
            case when {{ stages }}.evidence = 'user' then {{ stages }}.is_closed end,
            case
                when {{ now }} and {{ deal }}.is_marked_won is not null
                    then {{ deal }}.is_marked_closed
            end,
            case when {{ now }} and {{ deal }}.is_marked_won then true end,
            case
                when {{ now }}
                    then {{ deal_status(deal ~ '.source_status') }} <> 'open'
            end,
            case
                when {{ stages }}.evidence not in ('words', 'probability')
                    then {{ stages }}.is_closed
            end,
            case when {{ now }} then {{ deal }}.is_marked_closed end,
            {{ stages }}.is_closed,
            case when {{ deal }}.is_marked_won then true end,
            {{ deal_status(deal ~ '.source_status') }} <> 'open',
            {{ deal }}.is_marked_closed
        )
{%- endmacro %}


{#- Whether it is won, likewise; a closed one with an unknown end is neither. -#}
{% macro deal_is_won(deal, stages) -%}
{%- set now = 'not ' ~ deal ~ '.is_end_earlier' -%}
coalesce(
            case when {{ stages }}.evidence = 'user' then {{ stages }}.is_won end,
            case when {{ now }} then {{ deal }}.is_marked_won end,
            case
                when
                    {{ now }}
                    and {{ deal_status(deal ~ '.source_status') }} = 'won'
                    then true
                when
                    {{ now }}
                    and {{ deal_status(deal ~ '.source_status') }} is not null
                    then false
            end,
            case when not {{ deal_is_closed(deal, stages) }} then false end,
            case when {{ stages }}.is_closed then {{ stages }}.is_won end,
            {{ deal }}.is_marked_won,
            {{ deal_status(deal ~ '.source_status') }} = 'won'
        )
{%- endmacro %}
