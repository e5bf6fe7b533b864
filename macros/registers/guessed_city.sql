{#- The city at the end of `street city`, known by its form, for where no list of
    cities knows it: what follows the last comma, or one to three words after a
    street's type or a number. NULL if neither stands there. -#}
{% macro guessed_city(x) -%}
(
    with
    given as (
        select
            trim(replace({{ x }}, '  ', ' '), ' ') as _v,
            upper(replace(
                trim(replace({{ x }}, '  ', ' '), ' '), '.', ' '
            )) as _plain
        {{ cleaning.computed_once() }}
    ),
    behind_comma as (
        select
            _v,
            trim(replace(replace(_plain, ',', ' '), '  ', ' '), ' ') as _plain,
            case
                when _v like '%,%'
                    then trim(substr(
                        _v, length(rtrim(_v, replace(_v, ',', ''))) + 1
                    ), ' ')
            end as _tail
        from given
        {{ cleaning.computed_once() }}
    ),
    worded as (
        select
            _v,
            _tail,
            _plain,
            {%- for count in range(1, 6) %}
            {%- set ns = namespace(before='_plain') %}
            {%- for _ in range(count - 1) %}
            {%- set ns.before = cleaning.before_last_word(ns.before) %}
            {%- endfor %}
            {{ cleaning.last_word(ns.before) }} as _word_{{ count }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from behind_comma
        {{ cleaning.computed_once() }}
    ),
    counted as (
        select
            _v,
            _tail,
            case
                {%- for count in range(1, 4) %}
                when
                    _word_{{ count + 1 }} in (
                        '{{ street_types() | join("', '") }}'
                    )
                    {%- if count == 1 %}
                    -- ST PAUL after AVE is a city
                    and not (
                        _word_2 = 'ST'
                        and _word_3 in ('{{ street_types() | join("', '") }}')
                    )
                    {%- endif %}
                    or ltrim(_word_{{ count + 1 }}, '#-0123456789')
                    <> _word_{{ count + 1 }}
                    then {{ count }}
                {%- endfor %}
            end as _count
        from worded
        {{ cleaning.computed_once() }}
    )
    select
        case
            when
                _tail <> ''
                and ltrim(_tail, '#0123456789') = _tail
                and not upper(_tail) like 'STE %'
                and not upper(_tail) like 'SUITE %'
                and not upper(_tail) like 'UNIT %'
                and not upper(_tail) like 'APT %'
                and not upper(_tail) like 'BLDG %'
                then _tail
            {%- for count in range(1, 4) %}
            when _count = {{ count }}
                then ltrim({{ cleaning.last_words('_v', count) }}, ' .,')
            {%- endfor %}
        end
    from counted
)
{%- endmacro %}
