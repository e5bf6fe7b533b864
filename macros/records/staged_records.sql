{#- The records of a table that takes the files of many systems, cleaned and typed by
    how each file is written: identifiers scoped, amounts in the minor unit of their
    currency, times in UTC. A whole select. -#}
{% macro staged_records(source_name, table_name) -%}
{%- set settings = record_settings(source_name, table_name) -%}
{%- set currencies = ref('currencies') -%}
{%- set columns = record_columns(source_name, table_name) -%}
{%- set declared = source_table(source_name, table_name).columns if execute else {} -%}
{%- set by_type = {} -%}
{%- for column in declared.values() -%}
  {%- do by_type.setdefault(column.data_type or 'text', []).append(column.name) -%}
{%- endfor -%}
{%- set money, times = by_type.get('money', []), by_type.get('timestamp', []) -%}
{%- set numbers = by_type.get('number', []) + by_type.get('integer', []) -%}
{%- set codes = ['currency'] if 'currency' in declared else [] -%}
{%- for code in settings.currencies.values() | unique -%}
  {%- do codes.append(code) -%}
{%- endfor -%}
{%- set ids = [settings.id] + settings.ids -%}
{%- set given = {} -%}
{%- for name, column in declared.items() -%}
  {%- do given.update({
      'given_' ~ name: ['clean_text', name]
          + ([[], ['na']] if name == 'country' else [])
  }) -%}
{%- endfor -%}
{%- set typed = {} -%}
{%- for name in money -%}
  {%- do typed.update({'unbounded_' ~ name: [
      'parse_minor', 'pointed_' ~ name,
      'decimals_' ~ settings.currencies.get(name, 'currency'),
  ]}) -%}
{%- endfor -%}
{%- for name in times -%}
  {%- do typed.update({'local_' ~ name: ['parse_timestamp', 'ready_' ~ name]}) -%}
{%- endfor -%}
{%- for name in numbers -%}
  {%- set read = 'parse_integer' if name in by_type.get('integer', [])
      else 'parse_number' -%}
  {%- do typed.update({'read_' ~ name: [read, 'pointed_' ~ name]}) -%}
{%- endfor -%}
{%- for name in by_type.get('boolean', []) -%}
  {%- do typed.update({'read_' ~ name: ['parse_boolean', 'given_' ~ name]}) -%}
{%- endfor -%}
{%- set lineage = ['_row_id', '_file_id', '_record', '_line', '_delivered_at',
    '_loaded_at'] -%}
{%- set group = [] -%}
{%- for name in settings.group -%}{%- do group.append('given_' ~ name) -%}{%- endfor -%}
{%- set broken = [] if settings.identified_by else [
    ['id_missing', settings.id, 'given_' ~ settings.id ~ ' is null']
] -%}
{#- A rounded identifier is none: where it is what the record is known by, the
    record is in error, else it refers to nothing. -#}
{%- set referring, telling = [], {settings.id: is_rounded_id('given_' ~ settings.id)} -%}
{%- for name in by_type.get('text', []) if name != settings.id and (
    name in settings.ids + settings.group + ['sku'] or name.endswith('_number')
) -%}
  {%- do referring.append(name) -%}
{%- endfor -%}
{%- for name in settings.identified_by -%}
  {%- if name == 'order_group' -%}
    {%- set number = is_rounded_id('given_' ~ settings.group[0]) -%}
    {%- do telling.update({
        settings.group[0]: number,
        settings.group[1]: is_rounded_id('_group') ~ ' and not ' ~ number,
    }) -%}
  {%- elif name in referring and name != 'sku' -%}
    {%- do telling.update({name: 'given_' ~ settings.id ~ ' is null and '
        ~ is_rounded_id('given_' ~ name)}) -%}
  {%- endif -%}
{%- endfor -%}
{%- for name, condition in telling.items() -%}
  {%- do broken.append(['id_rounded', name, condition]
      + (['_group'] if '_group' in condition else [])) -%}
{%- endfor -%}
{%- for name in referring -%}
  {%- do broken.append(['reference_rounded', name, is_rounded_id('given_' ~ name)
      ~ (' and not (' ~ telling[name] ~ ')' if name in telling else '')]) -%}
{%- endfor -%}
{%- for name in money + numbers -%}
  {%- do broken.append(['amount_ambiguous', name, is_unmarked(name)
      ~ ' or case when _is_mark_doubted = 1 then ' ~ is_two_way('given_' ~ name)
      ~ ' else false end']) -%}
  {%- do broken.append([
      'number_unreadable', name, 'given_' ~ name ~ ' is not null and read_' ~ name
      ~ ' is null and not ' ~ is_unmarked(name),
  ]) -%}
{%- endfor -%}
{%- for name in times -%}
  {%- set ambiguous = '_date_order is null and ' ~ is_either_way('timed_' ~ name) -%}
  {%- do broken.append(['date_ambiguous', name,
      '(_date_order is null or _is_order_doubted = 1) and '
      ~ is_either_way('timed_' ~ name)]) -%}
  {%- do broken.append([
      'date_unreadable', name, 'given_' ~ name ~ ' is not null and at_' ~ name
      ~ ' is null and not (' ~ ambiguous ~ ')',
  ]) -%}
{%- endfor -%}
{%- for name in by_type.get('boolean', []) -%}
  {%- do broken.append([
      'boolean_unreadable', name, 'given_' ~ name ~ ' is not null and read_' ~ name
      ~ ' is null',
  ]) -%}
{%- endfor -%}
{%- for name in codes -%}
  {%- set said = 'coalesce(given_' ~ name ~ ', _currency)' if name == 'currency'
      else 'given_' ~ name -%}
  {%- do broken.append([
      'currency_unknown', name,
      said ~ ' is not null and known_' ~ name ~ ' is null',
  ]) -%}
{%- endfor -%}
with

{% set bronze = source(source_name, table_name) -%}
{%- set own_group -%}
coalesce({% for name in settings.group %}nullif({{ trimmed_text(name) }}, ''), {% endfor %}null)
{%- endset -%}
{%- if settings.carried %}
-- rows below the first one of an order, which alone has what all share
lacking as (

    select _file_id as lacking_file_id from {{ bronze }}
    where
        _file_id > {{ watermark() }}
        and nullif({{ trimmed_text('currency') }}, '') is null
    group by _file_id

),

-- a row that does not name its order belongs to that of the row above
blocks as (

    select
        *,
        {{ own_group }} as own_group,
        count({{ own_group }}) over (
            partition by _file_id order by _record rows unbounded preceding
        ) as block
    from {{ bronze }}
    where
        _file_id > {{ watermark() }}
        and _file_id in (select lacking_file_id from lacking)

),

grouped as (

    select
        *,
        coalesce(
            own_group, max(own_group) over (partition by _file_id, block)
        ) as row_group
    from blocks

),

{#- No join: SQLite would look through all rows for each of them. -#}
source as (

    select
        {% for name in declared -%}
        {%- set own = 'nullif(' ~ trimmed_text(name) ~ ", '')" -%}
        {% if name in settings.carried -%}
        case
            when row_group is null then {{ own }}
            else coalesce(
                {{ own }}, max({{ own }}) over (partition by _file_id, row_group)
            )
        end as {{ name }},
        {%- else -%}
        {{ name }},
        {%- endif %}
        {% endfor -%}
        row_group as _row_group,
        {{ lineage | join(',\n        ') }}
    from grouped

    union all

    select
        {{ declared | join(',\n        ') }},
        cast(null as text) as _row_group,
        {{ lineage | join(',\n        ') }}
    from {{ bronze }}
    where
        _file_id > {{ watermark() }}
        and _file_id not in (select lacking_file_id from lacking)

),
{%- else %}
source as (

    select * from {{ bronze }}
    where _file_id > {{ watermark() }}

),
{%- endif %}

files as (

    {{ file_notation(source_name, table_name) }}

),

-- what values show of how their file is written
shown as (

    {{ shown_notation(bronze, money, times) }}

),

-- of records without an identifier that are equal, their order is what differs
occurrences as (

    select
        _row_id as occurring_row_id,
        row_number() over (
            partition by
                _file_id
                {%- for name in settings.identified_by %},
                {{ own_group if name == 'order_group' else name }}
                {%- endfor %}
                {%- if settings.signed %},
                case
                    when
                        {{ settings.signed[0] }} like '%-%'
                        or {{ settings.signed[0] }} like '%(%'
                        then coalesce({{ settings.signed[1] }}, '')
                end
                {%- endif %}
            order by _record
        ) as _occurrence
    from {{ bronze }}
    where
        _file_id > {{ watermark() }}
        and {{ plain_value(settings.id) }} is null

),

given as (

    {{ cleaning.read_columns('source', given, lineage
        + (['_row_group'] if settings.carried else [])) }}

),

noted as (

    select
        given.*,
        coalesce(files.id_scope, '') as _scope,
        files.id_prefixes as _prefixes,
        files.null_ids as _null_ids,
        coalesce(files.date_order, shown.date_order) as _date_order,
        coalesce(files.decimal_mark, shown.decimal_mark, '.') as _decimal_mark,
        case
            when files.decimal_mark is null and shown.decimal_mark is null then 1
            else 0
        end as _is_unmarked,
        -- where values contradict what their system says
        case
            when files.date_order = 'dmy' then shown.shows_mdy
            when files.date_order = 'mdy' then shown.shows_dmy
            else 0
        end as _is_order_doubted,
        case
            when files.decimal_mark = ',' then shown.shows_point
            when files.decimal_mark = '.' then shown.shows_comma
            else 0
        end as _is_mark_doubted,
        files.currency as _currency,
        coalesce(files.time_zone, 'UTC') as _time_zone,
        occurrences._occurrence
        {%- if group %},
        coalesce(
            {{ '_row_group, ' if settings.carried }}{{ group | join(', ') }}, null
        ) as _group
        {%- endif %}
    from given
    left join files on given._file_id = files.file_id
    left join shown on given._file_id = shown.shown_file_id
    left join occurrences on given._row_id = occurrences.occurring_row_id

),

coded as (

    select
        *
        {%- for name in codes %},
        coalesce(
            given_{{ name }}
            {%- for sign in (settings.signs if name == 'currency' else []) %},
            case
                when trim(given_{{ sign }}, '0123456789.,- ') <> ''
                    then given_{{ sign }}
            end
            {%- endfor %}, null
        ) as shown_{{ name }}
        {%- endfor %}
    from noted
    {{ cleaning.computed_once() }}

),

pointed as (

    select
        *
        {%- for name in codes %},
        {%- set own = currency_of('shown_' ~ name, '_currency') %}
        {%- if name == 'currency' %}
        -- what is declared is no guess at a code that nothing knows
        case
            when trim(given_currency, '{{ currency_of__marks() }}') <> ''
                then {{ own }}
            else coalesce({{ own }}, _currency)
        end as coded_currency
        {%- else %}
        {{ own }} as coded_{{ name }}
        {%- endif %}
        {%- endfor %}
        {%- for name in money + numbers %},
        {{ pointed_text('given_' ~ name, '_decimal_mark', '_is_unmarked') }}
            as pointed_{{ name }}
        {%- endfor %}
        {%- for name in times %},
        {%- set clock = settings.clocks.get(name, []) %}
        given_{{ name }}
        {%- if clock %} || coalesce(' ' || given_{{ clock[0] }}, ''){% endif %}
            as timed_{{ name }}
        {%- endfor %}
    from coded
    {{ cleaning.computed_once() }}

),

ready as (

    select
        *
        {%- for name in codes %},
        of_{{ name }}.code as known_{{ name }},
        coalesce(of_{{ name }}.decimals
        {{- ', of_currency.decimals' if name != 'currency' and 'currency' in codes -}}
        , 2) as decimals_{{ name }}
        {%- endfor %}
        {%- for name in times %},
        {%- set text = 'timed_' ~ name %}
        {%- if name in settings.zoned %}
        {%- set clock = settings.clocks.get(name, []) %}
        {{ named_zone(text, 'given_' ~ clock[1] if clock else none) }}
            as zone_{{ name }},
        {{ ready_time__unzoned(text, '_date_order') }} as ready_{{ name }}
        {%- else %}
        {{ ready_time(text, '_date_order', '_time_zone') }} as ready_{{ name }}
        {%- endif %}
        {%- endfor %}
    from pointed
    {%- for name in codes %}
    left join {{ currencies }} as of_{{ name }}
        on pointed.coded_{{ name }} = of_{{ name }}.code
    {%- endfor %}
    {{ cleaning.computed_once() }}

),

typed as (

    {{ cleaning.read_columns('ready', typed) }}

),

{%- if times %}
zoned as (

    select
        *
        {%- for name in times %},
        {{ zone_minutes(
            'zone_' ~ name if name in settings.zoned else '_time_zone', 'local_' ~ name
        ) }} as minutes_{{ name }}
        {%- endfor %}
    from typed
    {{ cleaning.computed_once() }}

),
{%- endif %}

timed as (

    -- amounts so large that sums of many are no whole numbers are not read
    select
        *
        {%- for name in money %},
        case when abs(unbounded_{{ name }}) <= 100000000000000 then unbounded_{{ name }} end
            as read_{{ name }}
        {%- endfor %}
        {%- for name in times %},
        {%- set local = 'local_' ~ name %}
        {%- if name in settings.zoned %}
        case
            when zone_{{ name }} = 'UTC' then {{ local }}
            when {{ local }} is not null then {{ in_utc(local, 'minutes_' ~ name) }}
        end as at_{{ name }}
        {%- else %}
        case
            when
                _time_zone like '_%/%' and timed_{{ name }} like '%:%'
                and not {{ has_zone('timed_' ~ name) }}
                then {{ in_utc(local, 'minutes_' ~ name) }}
            else {{ local }}
        end as at_{{ name }}
        {%- endif %}
        {%- endfor %}
    from {{ 'zoned' if times else 'typed' }}
    {{ cleaning.computed_once() }}

),

final as (

    select
        case
            when {{ telling.values() | join(' or ') }} then null
            when {{ bare_id('given_' ~ settings.id, '_prefixes', '_null_ids') }}
                is not null
                then _scope || {{ bare_id(
                    'given_' ~ settings.id, '_prefixes', '_null_ids'
                ) }}
                {%- if settings.apart %} || case
                    when {{ settings.apart }} then ':refund' else ''
                end
                {%- endif %}
            {%- if settings.identified_by %}
            else
                _scope || '~'
                {%- for name in settings.identified_by %}
                || coalesce({{ '_group' if name == 'order_group'
                    else 'given_' ~ name }}, '') || '|'
                {%- endfor %}
                || coalesce(_occurrence, 1)
                {%- if settings.signed %}
                || case
                    when read_{{ settings.signed[0] }} < 0
                        then ':refund ' || coalesce(given_{{ settings.signed[1] }}, '')
                    else ''
                end
                {%- endif %}
            {%- endif %}
        end as {{ settings.key }},
        {% for column in columns[1:] -%}
        {%- set name, kind = column.given, column.data_type -%}
        {%- if column.name == 'order_group' -%}
        _scope || {{ kept_id('_group') }}
        {%- elif name in settings.ids -%}
        case
            when not {{ is_rounded_id('given_' ~ name) }}
                then _scope || {{ bare_id('given_' ~ name, '_prefixes', '_null_ids') }}
        end
        {%- elif name in referring -%}
        {{ kept_id('given_' ~ name) }}
        {%- elif name in ['phone', 'mobile_phone'] -%}
        {{ bare_id('given_' ~ name, '_prefixes', '_null_ids') }}
        {%- elif name in codes -%}
        known_{{ name }}
        {%- elif kind == 'timestamp' -%}
        at_{{ name }}
        {%- elif kind in ['money', 'number', 'integer', 'boolean'] -%}
        read_{{ name }}
        {%- else -%}
        given_{{ name }}
        {%- endif %} as {{ column.name }},
        {% endfor -%}
        {{ row_findings(broken) if broken else 'cast(null as text)' }} as _findings,
        {{ 'at_' ~ business_column(source_name, table_name)
            if business_column(source_name, table_name)
            else 'cast(null as text)' }} as _changed_at,
        {{ lineage_columns() }}
    from timed

)

select * from final
{%- endmacro %}
