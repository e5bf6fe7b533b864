{#-
    A text without what protected it from a spreadsheet: ="007" is 007, '+44 and
    =+44 are +44, 'text' and "text" around the whole are text. An apostrophe that
    belongs to the word stays: 's-Hertogenbosch, 't Hooft, O'Neill.
-#}
{% macro default__bare_text(x) -%}
trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(
        {{ x }}, '(?s)^="(.*)"$', '\1'
    ),
    '^=([-+0-9 ().]+)$', '\1'
), '(?s)^''(([^'']|''+[^ ''])*)''$', '\1'
), '(?s)^"([^"]*)"$', '\1'
), '(?s)^''([-+=@0-9].*|[A-ZÀ-ÖØ-Þ][^'']*|[a-z][^'']*@.*)$', '\1'
), ' ')
{%- endmacro %}


{#- As SQLite's form, without a pattern. Most texts have no such mark in front. -#}
{% macro postgres__bare_text(x) -%}
{%- set inner = 'substr(_v, 2, length(_v) - 2)' -%}
{%- set first = 'substr(_v, 2, 1)' -%}
{%- set called = "'-+0123456789 ().'" -%}
{%- set formula -%}
select case
    when
        _v like '="=_%"'
        and ltrim(substr(_v, 4, length(_v) - 4), {{ called }}) = ''
        then substr(_v, 4, length(_v) - 4)
    when _v like '="%"' and length(_v) > 2
        then substr(_v, 3, length(_v) - 3)
    when _v like '=_%' and ltrim(substr(_v, 2), {{ called }}) = ''
        then substr(_v, 2)
    else _v
end as _v
from protected
offset 0
{%- endset -%}
{%- set once -%}
select case
    when
        _v like '''%''' and length(_v) > 1
        and {{ inner }} || ' ' not like '%'' %'
        then {{ inner }}
    else _v
end as _v
from formula
offset 0
{%- endset -%}
{%- set twice -%}
select case
    when
        _v like '"%"' and length(_v) > 1
        and strpos({{ inner }}, '"') = 0
        then {{ inner }}
    else _v
end as _v
from once
offset 0
{%- endset -%}
{%- set bare -%}
select trim(case
    when
        _v like '''%'
        and case
            when
                {{ first }} between '0' and '9'
                or {{ first }} in ('-', '+', '=', '@')
                then true
            when
                {{ first }} between 'A' and 'Z'
                or {{ first }} between 'À' and 'Ö'
                or {{ first }} between 'Ø' and 'Þ'
                then substr(_v, 2) not like '%''%'
            when {{ first }} between 'a' and 'z'
                then
                    _v like '%@%'
                    and substr(split_part(_v, '@', 1), 2) not like '%''%'
        end
        then substr(_v, 2)
    else _v
end, ' ')
from twice
{%- endset -%}
case
    when substr({{ x }}, 1, 1) in ('''', '"', '=') then {{ cleaning.nested_steps([
        ('protected', 'select ' ~ x ~ ' as _v offset 0'), ('formula', formula),
        ('once', once), ('twice', twice), ('bare', bare)
    ]) }}
    else {{ x }}
end
{%- endmacro %}


{#- CTEs that give `bare` from `tidied`, each of one row with one column v. -#}
{% macro sqlite__bare_text() -%}
formula as (
        select case
            when v glob '="*"' and length(v) > 2
                then substr(v, 3, length(v) - 3)
            else v
        end as v
        from tidied
        where substr(v, 1, 1) in ('''', '"', '=')
        limit 1
    ),
    called as (
        select case
            when v glob '=?*' and substr(v, 2) not glob '*[^-+0-9 ().]*'
                then substr(v, 2)
            else v
        end as v
        from formula
        limit 1
    ),
    once as (
        select case
            when
                v glob '''*''' and length(v) > 1
                and substr(v, 2, length(v) - 2) || ' ' not like '%'' %'
                then substr(v, 2, length(v) - 2)
            else v
        end as v
        from called
        limit 1
    ),
    twice as (
        select case
            when
                v glob '"*"' and length(v) > 1
                and length(replace(v, '"', '')) = length(v) - 2
                then substr(v, 2, length(v) - 2)
            else v
        end as v
        from once
        limit 1
    ),
    bare as (
        select v
        from tidied
        where v is null or substr(v, 1, 1) not in ('''', '"', '=')
        union all
        select trim(case
            when
                v glob '''[-+=@0-9]*'
                or v glob '''[A-ZÀ-ÖØ-Þ]*' and substr(v, 2) not like '%''%'
                or v glob '''[a-z]*@*'
                and substr(v, 2, instr(v, '@') - 2) not like '%''%'
                then substr(v, 2)
            else v
        end)
        from twice
        limit 1
    )
{%- endmacro %}
