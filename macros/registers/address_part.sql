{#- A part of an address in one field, `150 N. WILLOW ST MESQUITE, NV 89027`:
    `zip`, `state`, or `place`, the street and city before them. place_part() finds
    where the street ends. -#}
{% macro address_part(x, part) -%}
{%- if part not in ['zip', 'state', 'place'] -%}
  {%- do exceptions.raise_compiler_error(
      'address_part: part must be zip, state or place, got: ' ~ part
  ) -%}
{%- endif -%}
(
    with
    given as (
        select rtrim(trim(
            replace(replace({{ x }}, ',', ', '), '  ', ' '), ' '
        ), ' ,.') as _v
        {{ cleaning.computed_once() }}
    ),
    zipped as (
        select
            _v,
            {{ cleaning.us_zip(cleaning.last_word('given._v')) }} as _zip
        from given
        {{ cleaning.computed_once() }}
    ),
    {%- if part != 'zip' %}
    before_zip as (
        select
            case
                when _zip is null then _v
                else rtrim({{ cleaning.before_last_word('_v') }}, ' ,.')
            end as _v
        from zipped
        {{ cleaning.computed_once() }}
    ),
    stated as (
        select
            _v,
            case
                when
                    length({{ cleaning.last_word('_v') }}) = 2
                    and _v like '% %'
                    and ltrim(
                        {{ cleaning.last_word('_v') }},
                        'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
                        || 'abcdefghijklmnopqrstuvwxyz'
                    ) = ''
                    and upper({{ cleaning.last_word('_v') }}) not in (
                        'ST', 'DR', 'RD', 'LN', 'CT', 'PL', 'NE', 'NW',
                        'SE', 'SW'
                    )
                    then upper({{ cleaning.last_word('_v') }})
            end as _state
        from before_zip
        {{ cleaning.computed_once() }}
    ),
    {%- endif %}
    final as (
        {%- if part == 'zip' %}
        select _zip as _v from zipped
        {%- elif part == 'state' %}
        select _state as _v from stated
        {%- else %}
        select
            case
                when _state is null then _v
                else rtrim({{ cleaning.before_last_word('_v') }}, ' ,')
            end as _v
        from stated
        {%- endif %}
        {{ cleaning.computed_once() }}
    )
    select nullif(_v, '') from final
)
{%- endmacro %}
