{#-
    Texts with the characters that HTML writes as `&amp;`, `&#39;` and the like: as
    an expression for DuckDB, and for SQLite as CTEs, for its parser has no room
    for one more subquery.
-#}

{#- Names of characters in HTML, each before its character. -#}
{% macro html_entities() -%}
{%- set names = {
    'amp': '&', 'lt': '<', 'gt': '>', 'quot': '"', 'apos': "'", 'nbsp': ' ',
    'ndash': '–', 'mdash': '—', 'lsquo': '‘', 'rsquo': '’', 'ldquo': '“',
    'rdquo': '”', 'hellip': '…', 'euro': '€', 'pound': '£', 'yen': '¥',
    'copy': '©', 'reg': '®', 'trade': '™', 'deg': '°', 'middot': '·',
    'szlig': 'ß',
} -%}
{%- set latin = [
    'Agrave', 'Aacute', 'Acirc', 'Atilde', 'Auml', 'Aring', 'AElig', 'Ccedil',
    'Egrave', 'Eacute', 'Ecirc', 'Euml', 'Igrave', 'Iacute', 'Icirc', 'Iuml',
    'ETH', 'Ntilde', 'Ograve', 'Oacute', 'Ocirc', 'Otilde', 'Ouml', 'Oslash',
    'Ugrave', 'Uacute', 'Ucirc', 'Uuml', 'Yacute', 'THORN', 'agrave', 'aacute',
    'acirc', 'atilde', 'auml', 'aring', 'aelig', 'ccedil', 'egrave', 'eacute',
    'ecirc', 'euml', 'igrave', 'iacute', 'icirc', 'iuml', 'eth', 'ntilde',
    'ograve', 'oacute', 'ocirc', 'otilde', 'ouml', 'oslash', 'ugrave',
    'uacute', 'ucirc', 'uuml', 'yacute', 'thorn', 'yuml'
] -%}
{%- set letters = 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ' -%}
{%- set parts = [] -%}
{%- for name, character in names.items() -%}
    {%- do parts.append('|' ~ name ~ '=' ~ character) -%}
{%- endfor -%}
{%- for name in latin -%}
    {%- do parts.append('|' ~ name ~ '=' ~ letters[loop.index0]) -%}
{%- endfor -%}
{{ return(parts | join | replace("'", "''")) }}
{%- endmacro %}


{#- The condition that a number is that of a character which a text may have. -#}
{% macro html_entities__is_character(code) -%}
({{ code }} between 32 and 126 or {{ code }} between 160 and 55295
or {{ code }} between 57344 and 1114111 or {{ code }} in (9, 10, 13))
{%- endmacro %}


{#- Each part is written once, and has a name within a list of one: DuckDB binds a part
    anew wherever it is written, and writes twice what nullif() or split_part() is of. -#}
{% macro default__decoded_text(x) -%}
{%- set name = "'|' || substr(_e, 2, length(_e) - 2) || '='" -%}
{%- set code -%}
case
    when _e ~ '^&#[0-9]{1,7};$'
        then cast(substr(_e, 3, length(_e) - 3) as integer)
    when _e ~ '^&#[xX][0-9a-fA-F]{1,6};$'
        then cast('0x' || substr(_e, 4, length(_e) - 4) as integer)
end
{%- endset -%}
list_transform([{{ x }}], lambda _x: case
    when _x like '%&%;%'
        then list_aggregate(list_transform(
            regexp_extract_all(
                replace(_x, '&amp;', '&'), '&[#A-Za-z0-9]{1,10};|[^&]+|&'
            ),
            lambda _e: case
                when _e like '&_%;' then coalesce(
                    list_transform([{{ code }}], lambda _n: case
                        when {{ cleaning.html_entities__is_character('_n') }}
                            then chr(_n)
                    end)[1],
                    list_filter([substr(string_split(
                        '{{ cleaning.html_entities() }}', {{ name }}
                    )[2], 1, 1)], lambda _c: _c <> '')[1],
                    _e
                )
                else _e
            end
        ), 'string_agg', '')
    else _x
end)[1]
{%- endmacro %}


{#-
    CTEs that give `decoded` from `delivered`, each of one row with one column v.
    From one ampersand to the next: what is done, and what is left behind it. Each
    is looked at in five steps, for its name, the digits and the number in it, and
    its character; then it goes over to what is done.
-#}
{% macro sqlite__decoded_text() -%}
{%- set terms = [] -%}
{%- for place in range(6) -%}
    {%- do terms.append(
        "instr('123456789abcdef', substr(found, " ~ (place + 1) ~ ', 1)) * '
        ~ 16 ** (5 - place)
    ) -%}
{%- endfor -%}
{%- set behind -%}
case when found is null then rest else substr(rest, length(entity) + 2) end
{%- endset -%}
{%- set table = cleaning.html_entities() -%}
marked as (
        select replace(v, '&amp;', '&') as v
        from delivered
        where v like '%&%;%'
        limit 1
    ),
    steps (step, done, rest, entity, found) as (
        select
            0,
            substr(v, 1, instr(v || '&', '&') - 1),
            case when v like '%&%' then substr(v, instr(v, '&') + 1) end,
            '',
            null
        from marked
        union all
        select
            (step + 1) % 5,
            case
                when step < 4 then done
                else
                    done || coalesce(found, '&') || substr(
                        {{ behind }}, 1, instr({{ behind }} || '&', '&') - 1
                    )
            end,
            case
                when step < 4 then rest
                when {{ behind }} like '%&%'
                    then substr({{ behind }}, instr({{ behind }}, '&') + 1)
            end,
            case
                when step > 0 then entity
                else substr(
                    rest, 1, max(instr(substr(rest, 1, 11), ';'), 1) - 1
                )
            end,
            case
                when
                    step = 1
                    and entity glob '#[0-9]*' and length(entity) <= 8
                    and substr(entity, 2) not glob '*[^0-9]*'
                    then cast(substr(entity, 2) as integer)
                when
                    step = 1
                    and entity glob '#[xX][0-9a-fA-F]*' and length(entity) <= 8
                    and substr(entity, 3) not glob '*[^0-9a-fA-F]*'
                    then lower(substr('000000' || substr(entity, 3), -6))
                when step = 2 and typeof(found) = 'text'
                    then {{ terms | join(' + ') }}
                when step = 2 then found
                when step = 3 and {{ cleaning.html_entities__is_character(
                    'found'
                ) }} then char(found)
                when
                    step = 3
                    and entity <> '' and entity not glob '*[^#A-Za-z0-9]*'
                    and instr('{{ table }}', '|' || entity || '=') > 0
                    then substr(
                        '{{ table }}',
                        instr('{{ table }}', '|' || entity || '=')
                        + length(entity) + 2, 1
                    )
            end
        from steps
        where rest is not null
    ),
    decoded as (
        select v from delivered where v is null or v not like '%&%;%'
        union all
        select done from steps where rest is null
        limit 1
    )
{%- endmacro %}


{#- What is behind each ampersand is a part, which begins with the name of a character
    or does not. No pattern. -#}
{% macro postgres__decoded_text(x) -%}
{%- set entities = "'" ~ cleaning.html_entities() ~ "'" -%}
{%- set place = 'strpos(' ~ entities ~ ", '|' || entity || '=')" -%}
{%- set parts -%}
select
    part,
    place,
    case
        when place > 1 and part like '_%;%'
            then split_part(part, ';', 1)
    end as entity
from unnest(string_to_array(replace({{ x }}, '&amp;', '&'), '&'))
    with ordinality as _parts (part, place)
offset 0
{%- endset -%}
{%- set coded -%}
select
    part,
    place,
    entity,
    case
        when
            entity like '#_%' and length(entity) <= 8
            and ltrim(substr(entity, 2), '0123456789') = ''
            then cast(substr(entity, 2) as integer)
        when
            lower(entity) like '#x_%' and length(entity) <= 8
            and ltrim(
                substr(entity, 3), '0123456789abcdefABCDEF'
            ) = ''
            then cast(cast(
                'x' || lpad(substr(entity, 3), 8, '0') as bit(32)
            ) as integer)
    end as code
from parts
offset 0
{%- endset -%}
{%- set found -%}
select
    part,
    place,
    entity,
    case
        when {{ cleaning.html_entities__is_character('code') }}
            then chr(code)
        when entity like '%=%' then null
        when {{ place }} > 0
            then substr(
                {{ entities }},
                {{ place }} + length(entity) + 2, 1
            )
    end as character
from coded
offset 0
{%- endset -%}
{%- set joined -%}
select string_agg(
    case
        when place = 1 then part
        when character is null then '&' || part
        else character || substr(part, length(entity) + 2)
    end, '' order by place
)
from found
{%- endset -%}
case
    when {{ x }} like '%&%;%' then {{ cleaning.nested_steps([
        ('parts', parts), ('coded', coded), ('found', found), ('joined', joined)
    ]) }}
    else {{ x }}
end
{%- endmacro %}
