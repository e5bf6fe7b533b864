{#-
    The shared part of the clean_ macros: control characters and what protected
    the value on its way (`bare_text`) are taken off, white space at both ends
    goes, full-width digits become plain ones, markers of missing values NULL. `inner`
    says what happens to white space between words: 'collapse' to one blank. With 'lines' the text stays
    as written, at its ends too, but for its line breaks.
-#}
{% macro tidy_text(x, markers, inner='collapse') -%}
    {{ return(
        adapter.dispatch('tidy_text', 'cleaning')(x, markers, inner)
    ) }}
{%- endmacro %}


{% macro default__tidy_text(x, markers, inner) -%}
{%- set words = [0] -%}
{%- set phrases = [] -%}
{%- for marker in markers if modules.re.match('[0-9a-z(]', marker) -%}
    {%- if ' ' in marker -%}
        {%- do phrases.append(marker.split(' ')[0]) -%}
    {%- else -%}
        {%- do words.append(marker | length) -%}
    {%- endif -%}
{%- endfor -%}
{%- set is_tidy -%}
length(_1) > {{ words | max }}
        and _1 ~ '^(-?[0-9]|[A-Za-z(+$])[!-%''-~]*( [!-%''-~]+)*$'
        {%- for start in phrases | unique %}
        and _1 not ilike '{{ start }} %'
        {%- endfor %}
{%- endset -%}
{{ cleaning.join_shortcut(
    x, is_tidy, '_1', cleaning.tidy_text__name(markers, inner), cleaning.tidy_text__any,
    [markers, inner], cleaning.tidy_text__usual(markers, inner)
) }}
{%- endmacro %}


{#- The macro that a reading is of, and with which arguments. -#}
{% macro tidy_text__name(markers, inner) -%}
    {{ return(
        'clean_multiline' if inner == 'lines'
        else 'clean_name' if markers == cleaning.name_markers()
        else 'clean_text'
    ) }}
{%- endmacro %}


{% macro tidy_text__usual(markers, inner) -%}
    {{ return([
        cleaning.name_markers()
        if cleaning.tidy_text__name(markers, inner) == 'clean_name'
        else cleaning.missing_markers(),
        inner,
    ]) }}
{%- endmacro %}


{#- A text that is not tidy. -#}
{% macro tidy_text__any(x, markers, inner) -%}
    {{ return(adapter.dispatch('tidy_text__any', 'cleaning')(x, markers, inner)) }}
{%- endmacro %}


{#- All but the question whether it is missing. No pattern: PostgreSQL keeps few. -#}
{% macro tidy_text__tidied(decoded, inner) -%}
{%- set gaps = cleaning.white_space('controls') + cleaning.white_space('wide') -%}
{%- set unseen = cleaning.white_space('zero_width') + cleaning.control_characters() -%}
{%- if inner == 'collapse' -%}
{%- set spaced -%}
translate(
            {{ decoded }},
            '０１２３４５６７８９{{ (gaps + unseen) | join }}',
            '0123456789{{ ' ' * gaps | length }}'
        )
{%- endset %}
    trim({{ cleaning.one_blank_for_many(spaced) }}, ' ')
{%- elif inner == 'lines' %}
    translate(
        {{ cleaning.replace_each(decoded, ['\r\n', '\r', '\u000b'], '\n') }},
        '{{ cleaning.control_characters() | join }}', ''
    )
{%- endif %}
{%- endmacro %}


{#- The condition that a text is a marker of a missing value, or dashes alone. -#}
{% macro tidy_text__is_missing(x, markers) -%}
(
    lower({{ x }}) in (
        {%- for marker in markers -%}
        '{{ marker | replace("'", "''") }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
    or trim({{ x }}, '-–—_ ') = ''
)
{%- endmacro %}


{#- A text without the white space at its ends. -#}
{% macro tidy_text__ends(x) -%}
trim({{ x }}, '{{ ([' '] + cleaning.white_space('controls')
    + cleaning.white_space('wide') + cleaning.white_space('zero_width')) | join }}')
{%- endmacro %}


{% macro default__tidy_text__any(x, markers, inner) -%}
{%- set tidied = cleaning.tidy_text__tidied(
    cleaning.default__decoded_text('cast(' ~ x ~ ' as varchar)'), inner
) -%}
{#- in a list of one a value is written once: nullif() and case write it twice -#}
list_filter(
{%- if inner == 'lines' %}
    [{{ tidied }}],
    lambda _v: not {{ cleaning.tidy_text__is_missing(
        cleaning.tidy_text__ends('_v'), markers
    ) }}
{%- else %}
    [{{ cleaning.default__bare_text(tidied) }}],
    lambda _v: not {{ cleaning.tidy_text__is_missing('_v', markers) }}
{%- endif %}
)[1]
{%- endmacro %}


{% macro postgres__tidy_text__any(x, markers, inner) -%}
{%- set steps = [
    ('given', 'select cast(' ~ x ~ ' as text) as _v offset 0'),
    ('decoded', 'select ' ~ cleaning.postgres__decoded_text('_v')
        ~ ' as _v\nfrom given\noffset 0'),
    ('tidied', 'select ' ~ cleaning.tidy_text__tidied('_v', inner)
        ~ ' as _v\nfrom decoded\noffset 0'),
] -%}
{%- if inner != 'lines' -%}
    {%- do steps.append((
        'bare', 'select ' ~ cleaning.postgres__bare_text('_v')
        ~ ' as _v\nfrom tidied\noffset 0'
    )) -%}
{%- endif -%}
{%- set ends = cleaning.tidy_text__ends('_v') if inner == 'lines' else '_v' -%}
{%- do steps.append((
    'found', 'select case when not '
    ~ cleaning.tidy_text__is_missing(ends, markers) ~ '\nthen _v end\nfrom '
    ~ steps[-1][0]
)) -%}
{{ cleaning.nested_steps(steps) }}
{%- endmacro %}


{% macro sqlite__tidy_text(x, markers, inner) -%}
{%- set usual = cleaning.sqlite__usual_tidy(x, markers) -%}
{{ cleaning.sqlite_shortcut(
    x, usual.condition,
    'nullif(' ~ x ~ ", '')" if inner == 'lines' else usual.value,
    cleaning.tidy_text__name(markers, inner), cleaning.sqlite__tidied,
    [markers, inner], cleaning.tidy_text__usual(markers, inner)
) }}
{%- endmacro %}


{#-
    Most values are tidy but for a blank at the end: ASCII that starts with a letter or
    digit with which no marker starts, and has no two blanks together.
-#}
{% macro sqlite__usual_tidy(x, markers) -%}
{%- set firsts = [] -%}
{%- for marker in markers if modules.re.match('[0-9a-z+$|]', marker) -%}
    {%- do firsts.extend([marker[0].upper(), marker[0]]) -%}
{%- endfor -%}
{%- set condition -%}
{{ x }} glob '[{{ cleaning.sqlite__usual_tidy__starts(firsts) }}]*'
            and {{ x }} not glob '*[^ -%''-~]*' and instr({{ x }}, '  ') = 0
                {%- if '' in markers %} or {{ x }} = ''{% endif %}
{%- endset -%}
{%- set value = 'rtrim(' ~ x ~ ')' -%}
    {{ return({
        'condition': condition,
        'value': 'nullif(' ~ value ~ ", '')" if '' in markers else value,
    }) }}
{%- endmacro %}


{#- The characters that values start with, but for some, for a GLOB set. -#}
{% macro sqlite__usual_tidy__starts(firsts) -%}
{%- for row in ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'] -%}
    {%- set left = namespace(run='') -%}
    {%- for start in row ~ ' ' -%}
        {%- if start not in firsts and start != ' ' -%}
            {%- set left.run = left.run ~ start -%}
        {%- elif left.run -%}
            {{- left.run[0] ~ '-' ~ left.run[-1] -}}
            {%- set left.run = '' -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{%- for start in '+$|' if start not in firsts %}{{ start }}{% endfor -%}
{%- endmacro %}


{#-
    Most others need no more than trim(): a few cheap searches find the rest.
    Nearly all wide blanks start with the bytes e2 80 or e2 81 in UTF-8.
-#}
{% macro sqlite__tidied(x, markers, inner) -%}
{%- set controls = cleaning.white_space('controls') -%}
{%- set wide = cleaning.white_space('wide') -%}
{%- set zero_width = cleaning.white_space('zero_width') -%}
{%- set unseen = cleaning.control_characters() -%}
{%- set digits = '０１２３４５６７８９' | list -%}
{%- set everywhere = ([' '] + controls + wide + zero_width) | join -%}
(
    with recursive
    delivered as not materialized (select {{ x }} as v),
    {{ cleaning.sqlite__decoded_text() }},
    {{ cleaning.sqlite__translated(
        'decoded',
        (digits + controls + wide + zero_width + unseen if inner == 'collapse' else unseen)
        | join,
        '0123456789' ~ ' ' * (controls + wide) | length if inner == 'collapse' else ''
    ) }},
    tidied as (
        select {{ 'v' if inner == 'lines' else 'trim(v) as v' }}
        from decoded
        where
            v is null
            or (
                v not glob '*[{{ '\u0001-\u001f\u007f' }}]*' and
                {%- if inner == 'collapse' %}
                v not like '%  %' and
                {%- endif %}
                (
                    length(v) = length(cast(v as blob))
                    or (
                        instr(cast(v as blob), x'e280') = 0
                        and instr(cast(v as blob), x'e281') = 0
                        {%- if inner == 'collapse' %}
                        and instr(cast(v as blob), x'efbc') = 0
                        {%- endif %}
                        {%- for blank in wide + zero_width
                            if not '\u2000' <= blank <= '\u206f' %}
                        and instr(v, '{{ blank }}') = 0
                        {%- endfor %}
                    )
                )
            )
        union all
        {%- if inner == 'collapse' %}
        select trim({{ cleaning.one_blank_for_many('v') }})
        {%- else %}
        select {{ cleaning.replace_each('v', ['\r\n', '\r', '\u000b'], '\n') }}
        {%- endif %}
        from translated
        where letter < char(1)
        limit 1
    )
    {%- if inner != 'lines' %},
    {{ cleaning.sqlite__bare_text() }}
    {%- endif %}
    select v
    from {{ 'tidied' if inner == 'lines' else 'bare' }}
    {%- set ends = "trim(v, '" ~ everywhere ~ "')" if inner == 'lines' else 'v' %}
    where
        {#- Most values are longer than any marker. #}
        (
            length({{ ends }}) > {{ markers | map('length') | max }}
            or lower({{ ends }}) not in (
                {%- for marker in markers -%}
                '{{ marker | replace("'", "''") }}'
                {{- ', ' if not loop.last }}
                {%- endfor -%}
            )
        )
        and (
            substr({{ ends }}, 1, 1) not in ('-', '–', '—', '_')
            or trim({{ ends }}, '-–—_ ') <> ''
        )
)
{%- endmacro %}
