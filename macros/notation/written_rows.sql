{#- The new rows of a source table as its SQL reads them, a whole select: its declared
    columns, those of lineage, and
      _scope     what identifiers are scoped by, NULL where they are not
      _is_system 1 for rows of a system's file, which guarantees its key only
      _links     `names` where a link may be a name, NULL where not
      _currency  currency of amounts that name none, by the file or the declaration
      _notes     on rows with something to report: `<column>:mixed`,
                 `probability:share`, and an amount that is written otherwise here
                 and could be read both ways, `<column>:as=1,234|`
    How the values of a file are written says its system (`notation` of the ledger).
    What it does not say is decided per column over the file: 13/05 proves the order
    of 05/04 below it, and of other columns that prove none; 1.234,56 the decimal mark
    of 1.234, and shares up to 1 are no percents; else by the declaration. A date
    that could be read both ways is marked as such and read as none.
    A value that can be read in one way only is read so, whatever is declared; those of its
    column that could be read both ways are then doubtful (`mixed`).

    Identifiers of a system's file lose apostrophe, prefix and `.0`, null ids go, of a
    list the first counts, and the scope of the file comes before them. `identifiers`
    and `lists` name columns that hold them, beside the key and those with
    `refers_to`. `further` maps names to expressions over a delivered row.

    Most files need none of this: their rows are passed on as they are. -#}
{% macro written_rows(
    source_name, table_name, identifiers=[], lists=[], further={}
) -%}
{%- set delivered = source(source_name, table_name) -%}
{%- set ledger = source('ingest', 'ingest_files') -%}
{%- if not execute -%}
select * from {{ delivered }}, {{ ledger }}
{%- else -%}
{%- set written = source_settings(source_name, table_name) -%}
{%- set of = column_kinds(source_name, table_name, identifiers, lists) -%}
with
_stated as materialized (
    {{ written_rows__stated(ledger, source_name, table_name) }}
),
_shown as materialized (
    {{ written_rows__shown(delivered, of) }}
),
{%- if of.chances %}
_chances as materialized (
    {{ written_rows__chances(delivered, of) }}
),
{%- endif %}
_files as materialized (
    {{ written_rows__decided(of, written) }}
),
_bare_rows as (
    {{ written_rows__bare(delivered, of) }}
),
_parted as (
    {{ slashed_parts('(' ~ bare_identifiers(
        '(select * from _bare_rows'
        ~ ' inner join _files on _bare_rows._file_id = _files.file_id) as _joined',
        of.identifiers, of.named
    ) ~ ') as _bare', of.dates) }}
),
_read as (
    select
        *
        {%- for column in of.dates %},
        {{ slashed_parts__local(column) }} as _{{ column }}_local
        {%- endfor %}
    from _parted
    {{ cleaning.computed_once() }}
)
select
        {%- for column in of.columns %}
        {{ adapter.quote(column) }},
        {%- endfor %}
        cast(null as text) as _scope,
        0 as _is_system,
        'names' as _links,
        {{ "'" ~ written.currency ~ "'" if written.currency else 'cast(null as text)' }}
            as _currency,
        cast(null as text) as _notes,
        {%- for name, expression in further.items() %}
        {{ expression }} as {{ name }},
        {%- endfor %}
        {{ lineage_columns() }}
    from {{ delivered }}
    where
        _file_id > {{ watermark() }}
        and _file_id not in (select file_id from _files)
union all
{{ written_rows__rewritten(delivered, of, written, further) }}
{{ cleaning.computed_once() }}
{%- endif -%}
{%- endmacro %}


{#- How the values of each new file are written, as its system says. -#}
{% macro written_rows__stated(ledger, source_name, table_name) -%}
select
        file_id,
        id_scope as _scope,
        case
            when system_name like 'salesforce%' or id_scope like '%salesforce%' then 1
            else 0
        end as _is_salesforce,
        case when notation is null then 0 else 1 end as _is_noted,
        case
            when
                notation like '%"id_prefixes"%' or notation like '%"null_ids"%'
                or notation like '%"list_separator"%'
                then 1
            else 0
        end as _has_marks,
        {%- for key in [
            'date_order', 'decimal_mark', 'currency', 'probability',
            'list_separator', 'time_zone', 'links',
        ] %}
        {{ json_value('notation', key) }} as _{{ key }},
        {%- endfor %}
        {%- for number in range(6) %}
        {{ json_value('notation', 'id_prefixes[' ~ number ~ ']') }} as _prefix_{{ number }},
        {{ json_value('notation', 'null_ids[' ~ number ~ ']') }} as _null_{{ number }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ledger }}
    where
        source_name = '{{ source_name }}'
        and table_name = '{{ table_name }}'
        and status = 'landed'
        and file_id > {{ watermark() }}
{%- endmacro %}


{#- What the values of each new file show of how they are written. -#}
{% macro written_rows__shown(delivered, of) -%}
{%- set looked_at = [] -%}
{%- for column in of.dates -%}
    {%- do looked_at.append(slashed_parts__looked_for(adapter.quote(column))) -%}
{%- endfor -%}
{%- for column in of.amounts -%}
    {%- do looked_at.append(adapter.quote(column) ~ " like '%,%'") -%}
    {%- do looked_at.append(adapter.quote(column) ~ " like '%.%'") -%}
{%- endfor -%}
{%- if not looked_at -%}
select cast(null as bigint) as _file_id
{%- else -%}
select
        _file_id
        {%- for order in ['dmy', 'mdy'] if of.dates %},
        max(case when '{{ order }}' in (_{{ of.dates | join('_shows, _') }}_shows) then 1 else 0 end) as _any_{{ order }}
        {%- endfor %}
        {%- for column in of.dates %}
        {%- for shown in ['dmy', 'mdy', 'open', 'serial'] %},
        max(case when _{{ column }}_shows = '{{ shown }}' then 1 else 0 end) as _{{ column }}_{{ shown }}
        {%- endfor %}
        {%- endfor %}
        {%- for column in of.amounts %}
        {%- for name, mark in [('comma', ','), ('point', '.')] %},
        max({{ cleaning.session_function(
            'shown_' ~ name, [adapter.quote(column)], written_rows__shows_mark, [mark],
            [mark], adapter.quote(column) ~ " not glob '*[.,]*'", '0'
        ) }}) as _{{ column }}_{{ name }}
        {%- endfor %}
        {%- endfor %}
    from (
        select
            *
            {%- for column in of.dates %},
            {{ slashed_parts__shows(column) }} as _{{ column }}_shows
            {%- endfor %}
        from (
            {{ slashed_parts(
                '(select * from ' ~ delivered ~ ' where _file_id > ' ~ watermark()
                ~ ' and (' ~ looked_at | join(' or ') ~ ')) as _looked', of.dates
            ) }}
        ) as _parts
        {{ cleaning.computed_once() }}
    ) as _judged
    group by _file_id
{%- endif -%}
{%- endmacro %}


{#- 1 for a number that can only be written with a decimal mark, else 0. Text with a
    mark in it, such as `Nr.5` or `2.5k`, shows nothing. -#}
{% macro written_rows__shows_mark(x, mark) -%}
{%- set other = ',' if mark == '.' else '.' -%}
{%- set bare -%}
trim(replace(replace(replace(
                    lower({{ x }}), 'rs.', ''), 'kr.', ''), 'fr.', ''),
                    '{{ written_rows__beside() }}')
{%- endset -%}
case
            -- digits with one mark, the usual case
            when trim({{ x }}, '0123456789') in ('.', ',')
                then case
                    when {{ written_rows__has_decimals(x, mark) }} then 1 else 0
                end
            when (
                {{ written_rows__has_decimals(bare, mark) }}
                or {{ bare }} like '%{{ other }}%{{ mark }}%'
                or {{ bare }} like '%{{ other }}%{{ other }}%'
            ) and {{ is_number(x) }} then 1
            else 0
        end
{%- endmacro %}


{% macro written_rows__has_decimals(bare, mark) -%}
{{ bare }} like '%{{ mark }}_' or {{ bare }} like '%{{ mark }}__'
                or {{ bare }} like '0{{ mark }}%'
                or {{ bare }} like '%{{ mark }}%'
                and length({{ cleaning.text_before(bare, mark) }}) > 3
{%- endmacro %}


{#- The characters that can be beside the digits of an amount, but its marks. -#}
{% macro written_rows__beside() -%}
{%- set signs = cleaning.currencies_by_sign() | join -%}
{{ (' ()+-   −' ~ signs ~ signs | upper) | list | unique(true) | join }}
{%- endmacro %}


{#- Whether the probabilities of each new file are all 0 to 1, and the first record
    with one between. -#}
{% macro written_rows__chances(delivered, of) -%}
select
        _file_id
        {%- for column in of.chances %}
        {%- set value = adapter.quote(column) %},
        max(case
            when substr({{ value }}, 1, 1) between '2' and '9' then 1
            when {{ is_up_to_one(value) }} then 0
            when {{ value }} is null or trim({{ value }}, ' ') = '' then 0
            else 1
        end) as _{{ column }}_over,
        min(case
            when substr({{ value }}, 1, 1) in ('0', '.', ' ')
                then case when {{ is_up_to_one__within(value) }} then _record end
        end) as _{{ column }}_first
        {%- endfor %}
    from {{ delivered }}
    where _file_id > {{ watermark() }}
    group by _file_id
{%- endmacro %}


{#- The files that are not written as declared, with what was decided of each. -#}
{% macro written_rows__decided(of, written) -%}
{%- set telling = ['_is_noted = 1', '_scope is not null'] -%}
select *
    from (
        select
            _stated.*
            {%- for column in of.dates %}
            {%- set d, m = '_' ~ column ~ '_dmy', '_' ~ column ~ '_mdy' %},
            {{ cleaning.session_function(
                'decided_order',
                ['_date_order', d, m, '_any_dmy', '_any_mdy', '_is_noted'],
                written_rows__order, [written.date_order], ['mdy']
            ) }} as _{{ column }}_order,
            {{ cleaning.session_function(
                'is_order_mixed', ['_date_order', d, m, '_any_dmy', '_any_mdy'],
                written_rows__is_mixed
            ) }} * _{{ column }}_open as _{{ column }}_mixed,
            _{{ column }}_open,
            _{{ column }}_serial
            {%- do telling.append(
                "(_" ~ column ~ "_open = 1 and (_" ~ column ~ "_order is distinct from '"
                ~ written.date_order ~ "' or _" ~ column ~ "_mixed = 1))"
            ) -%}
            {%- do telling.append('_' ~ column ~ '_serial = 1') -%}
            {%- endfor %}
            {%- for column in of.amounts %}
            {%- set comma, point = '_' ~ column ~ '_comma', '_' ~ column ~ '_point' %},
            case
                when _is_noted = 1 and _decimal_mark is null
                    and {{ comma }} = {{ point }} then 1 else 0
            end as _{{ column }}_undecided,
            {{ cleaning.session_function(
                'decided_mark', ['_decimal_mark', comma, point, '_is_noted'],
                written_rows__mark, [written.decimal_mark], ['.']
            ) }} as _{{ column }}_mark,
            {{ cleaning.session_function(
                'is_mark_doubted', ['_decimal_mark', comma, point],
                written_rows__is_doubted
            ) }} as _{{ column }}_doubted
            {%- do telling.append(
                '_' ~ column ~ "_mark <> '" ~ written.decimal_mark ~ "'"
            ) -%}
            {%- do telling.append('_' ~ column ~ '_doubted = 1') -%}
            {%- endfor %}
            {%- for column in of.chances %},
            coalesce(_probability, case
                when _{{ column }}_over = 0 and _{{ column }}_first is not null then 'share'
            end) as _{{ column }}_unit,
            case
                when _probability is distinct from 'share' and _{{ column }}_over = 0
                    then _{{ column }}_first
            end as _{{ column }}_decided_at
            {%- do telling.append('_' ~ column ~ "_unit = 'share'") -%}
            {%- endfor %}
        from _stated
        left join _shown on _stated.file_id = _shown._file_id
        {%- if of.chances %}
        left join _chances on _stated.file_id = _chances._file_id
        {%- endif %}
    ) as _weighed
    where {{ telling | join(' or ') }}
{%- endmacro %}


{#- The order of a column's dates: as the file states, as its values show, as those of all columns
    do, as declared. -#}
{% macro written_rows__order(said, dmy, mdy, any_dmy, any_mdy, is_noted, declared) -%}
case
                when {{ said }} is not null then {{ said }}
                when {{ dmy }} = 1 and {{ mdy }} = 0 then 'dmy'
                when {{ mdy }} = 1 and {{ dmy }} = 0 then 'mdy'
                when {{ dmy }} = 0 and {{ mdy }} = 0 and {{ any_dmy }} = 1 and {{ any_mdy }} = 0 then 'dmy'
                when {{ dmy }} = 0 and {{ mdy }} = 0 and {{ any_mdy }} = 1 and {{ any_dmy }} = 0 then 'mdy'
                when {{ is_noted }} = 0 then '{{ declared }}'
            end
{%- endmacro %}


{#- 1 where the values of a column contradict each other or what is said, else 0. -#}
{% macro written_rows__is_mixed(said, dmy, mdy, any_dmy, any_mdy) -%}
case
                when {{ dmy }} = 1 and {{ mdy }} = 1
                    or {{ said }} = 'dmy' and {{ any_mdy }} = 1
                    or {{ said }} = 'mdy' and {{ any_dmy }} = 1 then 1
                else 0
            end
{%- endmacro %}


{#- The decimal mark of a column: as the file states, as its values show, as declared. -#}
{% macro written_rows__mark(said, comma, point, is_noted, declared) -%}
case
                when {{ said }} is not null then {{ said }}
                when {{ comma }} = 1 and {{ point }} = 0 then ','
                when {{ point }} = 1 and {{ comma }} = 0 then '.'
                when {{ is_noted }} = 1 then '.'
                else '{{ declared }}'
            end
{%- endmacro %}


{#- 1 where the values of a column contradict each other or what is said, else 0. -#}
{% macro written_rows__is_doubted(said, comma, point) -%}
case
                when {{ comma }} = 1 and {{ point }} = 1
                    or {{ said }} = ',' and {{ point }} = 1
                    or {{ said }} = '.' and {{ comma }} = 1 then 1
                else 0
            end
{%- endmacro %}


{#- The rows of such files, their identifiers, dates and numbers without what protected
    them from a spreadsheet. -#}
{% macro written_rows__bare(delivered, of) -%}
{%- set typed = of.identifiers + of.lists + of.dates + of.amounts + of.chances
    + of.phones + (['email'] if 'email' in of.columns else []) -%}
{%- set read, beside = {}, ['_extra', lineage_columns()] -%}
{%- for column in of.columns -%}
    {%- if column in typed -%}
        {%- do read.update({adapter.quote(column): ['clean_text', column]}) -%}
    {%- else -%}
        {%- do beside.append(adapter.quote(column)) -%}
    {%- endif -%}
{%- endfor -%}
{{ cleaning.read_columns(
    '(select * from ' ~ delivered ~ ' where _file_id in (select file_id from _files))',
    read, beside
) }}
{%- endmacro %}


{#- The rows of such files, with their values as the declaration has them. -#}
{% macro written_rows__rewritten(delivered, of, written, further) -%}
{%- set known = of.identifiers + of.lists -%}
select
        {%- for column in of.columns %}
        {%- set value = adapter.quote(column) %}
        {% if column in of.identifiers -%}
        {{ bare_identifiers__scoped('_' ~ column ~ '_id', value) }}
        {%- elif column in of.lists -%}
        {#- without the blanks that a list may have -#}
        {%- set bare = "trim(replace(replace(replace(replace(" ~ value
            ~ ", ' ', ''), ',', ';'), ';;', ';'), ';;', ';'), ';')" %}
        case
            when _scope is not null and {{ value }} is not null
                then _scope || ':' || replace(
                    nullif({{ bare }}, ''), ';', ';' || _scope || ':'
                )
            else {{ value }}
        end
        {%- elif column in of.dates -%}
        {{ slashed_parts__rewritten(column, written) }}
        {%- elif column in of.amounts -%}
        {%- set mark = written.decimal_mark -%}
        {%- set other = ',' if mark == '.' else '.' -%}
        case
            when _{{ column }}_undecided = 1 and {{ is_two_way(value) }}
                then {{ value }} || ' (thousands or decimals?)'
            when _{{ column }}_mark = '{{ other }}'
                then {{ remarked_text(value, other, mark) }}
            else {{ value }}
        end
        {%- elif column in of.chances -%}
        case
            when _{{ column }}_unit = 'share' and {{ is_up_to_one(value) }}
                then {{ as_percent(value) }}
            when _{{ column }}_unit = 'share' and replace({{ value }}, '%', '') = {{ value }}
                then {{ value }} || ' (a share?)'
            else {{ value }}
        end
        {%- elif column == 'email' -%}
        case
            {%- for mark in [',', ';'] %}
            when {{ value }} like '%{{ mark }}%'
                then trim({{ cleaning.text_before(value, mark) }}, ' ')
            {%- endfor %}
            else {{ value }}
        end
        {%- elif column in of.phones -%}
        case
            when {{ value }} like '%.0' then substr({{ value }}, 1, length({{ value }}) - 2)
            else {{ value }}
        end
        {%- else -%}
        {{ value }}
        {%- endif %} as {{ value }},
        {%- endfor %}
        _scope,
        _is_noted as _is_system,
        case when _links = 'ids' then null else 'names' end as _links,
        {%- set declared = "'" ~ written.currency ~ "'" if written.currency else 'null' %}
        coalesce(_currency, case when _is_noted = 0 then {{ declared }} end) as _currency,
        nullif(''
            {%- for column in of.dates %}
            || case
                when _{{ column }}_mixed = 1 and _{{ column }}_order is not null
                    and {{ slashed_parts__either_way(column) }} then ' {{ column }}:mixed' else ''
            end
            {%- endfor %}
            {%- for column in of.amounts %}
            || case
                when _{{ column }}_doubted = 1 and _{{ column }}_undecided = 0
                    then case
                        when {{ is_two_way(adapter.quote(column)) }}
                            then ' {{ column }}:mixed'
                        else ''
                    end
                else ''
            end
            || case
                when _{{ column }}_mark = '{{ ',' if written.decimal_mark == '.' else '.' }}'
                    then case
                        when {{ is_two_way(adapter.quote(column)) }}
                            then ' {{ column }}:as=' || {{ adapter.quote(column) }} || '|'
                        else ''
                    end
                else ''
            end
            {%- endfor %}
            {%- for column in of.chances %}
            || case
                when _{{ column }}_decided_at = _record then ' {{ column }}:share' else ''
            end
            {%- endfor %}, '') as _notes,
        {%- for name, expression in further.items() %}
        {{ expression }} as {{ name }},
        {%- endfor %}
        {{ lineage_columns() }}
    from _read
{%- endmacro %}
