{#- A part of a street line: `street` without suite, or the `unit`: what follows
    STE, SUITE, UNIT, APT, BLDG, ROOM or #, or a last word such as A25 behind the
    street's type. -#}
{% macro street_part(x, part) -%}
{%- if part not in ['street', 'unit'] -%}
  {%- do exceptions.raise_compiler_error(
      'street_part: part must be street or unit, got: ' ~ part
  ) -%}
{%- endif -%}
{%- set words = [
    'BUILDING', 'BLDG', 'SUITE', 'STE', 'UNIT', 'APARTMENT', 'APT', 'ROOM', 'RM'
] -%}
{%- set types = street_types() | join("', '") -%}
(
    with
    given as (
        select rtrim(trim({{ x }}, ' '), ' ,') as _v
        {{ cleaning.computed_once() }}
    ),
    -- as long as the text, so that places are the same
    padded as (
        select
            _v,
            ' ' || replace(replace(upper(_v), ',', ' '), '.', ' ') || ' '
                as _plain
        from given
        {{ cleaning.computed_once() }}
    ),
    worded as (
        select
            _v,
            _plain,
            {{ cleaning.last_word("trim(_plain, ' ')") }} as _last,
            {{ cleaning.last_word(
                cleaning.before_last_word("trim(_plain, ' ')")
            ) }} as _before_last
        from padded
        {{ cleaning.computed_once() }}
    ),
    placed as (
        select
            _v,
            case
                {%- for word in words %}
                when {{ cleaning.position_of(
                    '_plain', "' " ~ word ~ " '"
                ) }} > 1
                    then {{ cleaning.position_of(
                        '_plain', "' " ~ word ~ " '"
                    ) }}
                {%- endfor %}
                when {{ cleaning.position_of('_v', "'#'") }} > 1
                    then {{ cleaning.position_of('_v', "'#'") }}
                when
                    _before_last in ('{{ types }}')
                    and _plain not like '%COUNTY R%'
                    and _before_last not in ('HWY', 'HIGHWAY')
                    and ltrim(_last, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
                    not in ('', _last)
                    and ltrim(
                        ltrim(_last, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), '0123456789'
                    ) = ''
                    then length(_v) - length(_last) + 1
            end as _start
        from worded
        {{ cleaning.computed_once() }}
    )
    select
        {%- if part == 'unit' %}
        case when _start > 0 then trim(substr(_v, _start), ' ') end
        {%- else %}
        case
            when _start > 0 then rtrim(substr(_v, 1, _start - 1), ' ,')
            else nullif(_v, '')
        end
        {%- endif %}
    from placed
)
{%- endmacro %}
