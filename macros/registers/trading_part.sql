{#- A part of `BRIGGS, ANN DBA SUNNY DAYS, LLC`: the `trading` name, or the
    `licensee` before it. Without DBA (doing business as) the whole is both. -#}
{% macro trading_part(x, part) -%}
{%- if part not in ['trading', 'licensee'] -%}
  {%- do exceptions.raise_compiler_error(
      'trading_part: part must be trading or licensee, got: ' ~ part
  ) -%}
{%- endif -%}
(
    with
    given as (
        select
            trim({{ x }}, ' ') as _v,
            -- as long as the text, so that places are the same
            replace(replace(
                upper(trim({{ x }}, ' ')), 'D/B/A', ' DBA '
            ), 'D.B.A.', ' DBA  ') as _plain
        {{ cleaning.computed_once() }}
    ),
    placed as (
        select
            _v,
            {{ cleaning.position_of('_plain', "' DBA '") }} as _start
        from given
        {{ cleaning.computed_once() }}
    )
    select
        case
            when _start = 0 then nullif(_v, '')
            {%- if part == 'licensee' %}
            else nullif(rtrim(substr(_v, 1, _start - 1), ' ,'), '')
            {%- else %}
            else nullif(ltrim(substr(_v, _start + 5), ' .,:'), '')
            {%- endif %}
        end
    from placed
)
{%- endmacro %}
