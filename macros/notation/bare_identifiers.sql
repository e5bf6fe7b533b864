{#- A relation joined with the notation of its files, with each identifier as its
    system means it in `_<column>_id`, a whole select: without the apostrophe or
    ="…" of spreadsheets, prefix and `.0`; of a list the first, but of `named`; NULL for a null id;
    of 15 characters in the form of 18, where they are Salesforce's. -#}
{% macro bare_identifiers(relation, columns, named=[]) -%}
    {{ return(adapter.dispatch('bare_identifiers', 'revenue_warehouse')(
        relation, columns, named
    )) }}
{%- endmacro %}


{% macro default__bare_identifiers(relation, columns, named) -%}
select
        *
        {%- for column in columns %},
        case
            when _is_salesforce = 1 and length(_{{ column }}_single) = 15
                and _{{ column }}_single not like '% %'
                then {{ salesforce_id('_' ~ column ~ '_single') }}
            else _{{ column }}_single
        end as _{{ column }}_id
        {%- endfor %}
    from (
        select
            *
            {%- for column in columns %}
            {%- set v = '_' ~ column ~ '_plain' %},
            case
                when {{ v }} in (
                    '', '000000000000000', '000000000000000AAA'
                    {%- for number in range(6) %}, coalesce(_null_{{ number }}, ''){% endfor %}
                ) then null
                when {{ v }} like '%.0' and trim({{ v }}, '0123456789') = '.'
                    then substr({{ v }}, 1, length({{ v }}) - 2)
                {%- for mark in [';', ',', '|'] if column not in named %}
                when _list_separator = '{{ mark }}' and {{ v }} like '%{{ mark }}%'
                    then trim({{ cleaning.text_before(
                        'trim(' ~ v ~ ", '" ~ mark ~ " ') || '" ~ mark ~ "'", mark
                    ) }}, ' ')
                {%- endfor %}
                else {{ v }}
            end as _{{ column }}_single
            {%- endfor %}
        from (
            select
                *
                {%- for column in columns %}
                {%- set v = '_' ~ column ~ '_stripped' %},
                case
                    {%- for number in range(6) %}
                    when substr({{ v }}, 1, length(_prefix_{{ number }})) = _prefix_{{ number }}
                        then substr({{ v }}, length(_prefix_{{ number }}) + 1)
                    {%- endfor %}
                    else {{ v }}
                end as _{{ column }}_plain
                {%- endfor %}
            from (
                select
                    *
                    {%- for column in columns %},
                    trim({{ adapter.quote(column) }}, ' ''="{{ '\u00a0' }}') as _{{ column }}_stripped
                    {%- endfor %}
                from {{ relation }}
                {{ cleaning.computed_once() }}
            ) as _stripped
            {{ cleaning.computed_once() }}
        ) as _plain
        {{ cleaning.computed_once() }}
    ) as _single
    {{ cleaning.computed_once() }}
{%- endmacro %}


{#- Most identifiers are as their system means them. -#}
{% macro sqlite_strict__bare_identifiers(relation, columns, named) -%}
{%- set marks = bare_identifiers__marks() -%}
select
        *
        {%- for column in columns %}
        {%- set x = adapter.quote(column) %},
        {{ cleaning.session_function(
            'bare_name' if column in named else 'bare_identifier', [x] + marks,
            bare_identifiers__name if column in named else bare_identifiers__one,
            unless='_has_marks = 0 and length(' ~ x ~ ') <> 15 and ' ~ x
                ~ " glob '[1-9A-Za-z]*[0-9A-Za-z]' and " ~ x ~ " not like '%.0'",
            value=x
        ) }} as _{{ column }}_id
        {%- endfor %}
    from {{ relation }}
    {{ cleaning.computed_once() }}
{%- endmacro %}


{% macro spark_strict__bare_identifiers(relation, columns, named) -%}
{{ sqlite_strict__bare_identifiers(relation, columns, named) }}
{%- endmacro %}


{#- The columns of a file's notation that say how its identifiers are written. -#}
{% macro bare_identifiers__marks() -%}
{%- set marks = ['_is_salesforce', '_list_separator'] -%}
{%- for kind in ['prefix', 'null'] -%}
    {%- for number in range(6) -%}
        {%- do marks.append('_' ~ kind ~ '_' ~ number) -%}
    {%- endfor -%}
{%- endfor -%}
{{ return(marks) }}
{%- endmacro %}


{#- One identifier, with the marks behind it. -#}
{% macro bare_identifiers__one(x) -%}
{{ bare_identifiers__alone(x, varargs, []) }}
{%- endmacro %}


{#- One that may be a name, which holds no list. -#}
{% macro bare_identifiers__name(x) -%}
{{ bare_identifiers__alone(x, varargs, ['x']) }}
{%- endmacro %}


{% macro bare_identifiers__alone(x, marks, named) -%}
{%- set given = [x ~ ' as x'] -%}
{%- for name in bare_identifiers__marks() -%}
    {%- do given.append(marks[loop.index0] ~ ' as ' ~ name) -%}
{%- endfor -%}
(
    select _x_id from (
        {{ default__bare_identifiers(
            '(select ' ~ given | join(', ') ~ ') as _alone', ['x'], named
        ) }}
    )
)
{%- endmacro %}


{#- An identifier of a file with its scope before it; one that a spreadsheet has
    rounded stays as it is, for staging to reject. -#}
{% macro bare_identifiers__scoped(bare, value) -%}
case
            when _scope is null then {{ value }}
            when {{ is_rounded_id(bare) }} then {{ bare }}
            else _scope || ':' || {{ bare }}
        end
{%- endmacro %}
