{#- A part of `CHILD CARE FAMILY - K820055232`: the `type`, or the `number` with
    its letters. A text without a digit in its last word is a type, one without a
    blank and with a digit a number. -#}
{% macro license_part(x, part) -%}
{%- if part not in ['type', 'number'] -%}
  {%- do exceptions.raise_compiler_error(
      'license_part: part must be type or number, got: ' ~ part
  ) -%}
{%- endif -%}
(
    with
    given as (
        select trim({{ x }}, ' ') as _v {{ cleaning.computed_once() }}
    ),
    halves as (
        select
            _v,
            {{ cleaning.last_word('_v') }} as _last,
            {{ cleaning.before_last_word('_v') }} as _before
        from given
        {{ cleaning.computed_once() }}
    ),
    judged as (
        select
            _v,
            _last,
            _before,
            -- letters and marks alone are no number
            ltrim({{ cleaning.upper_text(
                '_last'
            ) }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ#()/&.-') <> ''
                as _is_number
        from halves
        {{ cleaning.computed_once() }}
    )
    select
        {%- if part == 'number' %}
        case when _is_number then ltrim(_last, '#') end
        {%- else %}
        case
            when not _is_number then nullif(_v, '')
            else nullif(rtrim(_before, ' -–—:,#'), '')
        end
        {%- endif %}
    from judged
)
{%- endmacro %}
