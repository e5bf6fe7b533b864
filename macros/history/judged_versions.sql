{#- The records of a judged table, with the version that each belongs to; a whole
    select. Columns stand once:
      columns    {column: the declared one it is read from, or none if every file
                 has it}, without the key
      codes      {column: [lookup of int_crm__codes, column as delivered]}; of a
                 value without a code the folded text is compared
      countries  {column: column as delivered}, likewise
      phones     {column: column as delivered}: the number by which notations of
                 one are alike; not shown
      state      {column: what is compared in its place, or none}
      shown      {column: what is shown in its place}
      derived    {column: what is shown as a further one}
      types      {column: logical type}, of what is not text
      currency   currency of the amounts, an expression of columns: gives `_decimals`
                 for `derived`, NULL where it is not known
      is_error   condition of a row in error, in place of a critical finding
      backward   columns that are as first delivered before a file had them, as of
                 carried_forward
      alongside  {column: [another column, declared one]}: what the other one was when
                 a file last had the declared one, for `shown` and `derived`; neither
                 compared nor shown
      valued     amounts in the unit of `currency`, read in hundredths where a row has
                 none: of a file without that column they are of the currency which
                 other files give the record
      absences   the model of what full pictures lack, as of source_absences; adds
                 `is_gone`: deleted, as delivered or by absence -#}
{% macro judged_versions(
    source_name, table_name, key, columns, codes={}, countries={}, phones={},
    state={}, shown={}, derived={}, types={}, currency=none, is_error=none,
    absences=none, backward=[], alongside={}, valued=[]
) -%}
{%- if absences and 'is_deleted' in columns -%}
{%- set shown = dict(shown, is_deleted='case when is_absent then true else is_deleted end') -%}
{%- set derived = dict(derived, is_gone='coalesce(is_deleted, false) or is_absent') -%}
{%- elif absences -%}
{%- set derived = dict(derived, is_gone='is_absent') -%}
{%- endif -%}
{%- set all = dict({key: none}, **columns) -%}
{%- set compared = {} -%}
{%- for column in columns -%}{%- do compared.update({column: column}) -%}{%- endfor -%}
{%- set joins = [] -%}
{%- for column, (lookup, given) in codes.items() -%}
  {%- set folded = cleaning.code_key('delivered.' ~ given) -%}
  {%- do joins.append([
      ref('int_crm__codes'), column, 'code',
      column ~ ".lookup = '" ~ lookup ~ "' and " ~ column ~ '.source_value = '
      ~ folded,
  ]) -%}
  {%- do all.update({column: columns[given]}) -%}
  {%- do compared.update({
      given: 'coalesce(' ~ column ~ ', ' ~ cleaning.code_key(given) ~ ')',
  }) -%}
{%- endfor -%}
{%- for column, given in countries.items() -%}
  {%- do joins.append([
      ref('country_synonyms'), column, 'country_code',
      column ~ '.source_value = ' ~ cleaning.lower_text('delivered.' ~ given),
  ]) -%}
  {%- do all.update({column: columns[given]}) -%}
  {%- do compared.update({
      given: 'coalesce(' ~ column ~ ', ' ~ cleaning.lower_text(given) ~ ')',
  }) -%}
{%- endfor -%}
{%- for column, given in phones.items() -%}
  {%- do all.update({column: columns[given]}) -%}
  {%- do compared.update({given: column}) -%}
{%- endfor -%}
{%- for column, (given, declared) in alongside.items() -%}
  {%- do all.update({column: declared}) -%}
{%- endfor -%}
{%- do compared.update(state) -%}
{%- set listed = compared.values() | select | list -%}
with

delivered as (

    {{ touched_rows(
        ref('stg_' ~ source_name ~ '__' ~ table_name), key, absences, table_name
    ) }}

),
{% if not is_error %}
in_error as (

    {{ rows_in_error(ref('int_' ~ source_name ~ '__row_findings'), table_name) }}

),
{% endif %}
{%- if valued %}
unsaid_currencies as (

    {{ unsaid_currencies(
        ref('stg_' ~ source_name ~ '__' ~ table_name), key, source_name, table_name
    ) }}

),
{% endif %}
{%- for column, given in phones.items() %}
{{ column }}_respelt as (

    {{ phones_alike('delivered', key, given) }}

),
{% endfor %}
judged as (

    select
        {%- for column in [key] + columns | list %}
        {%- if column in valued %}
        case
            when unsaid_currencies.decimals is null then delivered.{{ column }}
            else {{ in_decimals(
                'delivered.' ~ column, 'unsaid_currencies.decimals'
            ) }}
        end as {{ column }},
        {%- elif valued and column == 'currency' %}
        coalesce(delivered.currency, unsaid_currencies.currency) as currency,
        {%- else %}
        delivered.{{ column }},
        {%- endif %}
        {%- endfor %}
        {%- for relation, column, code, condition in joins %}
        {{ column }}.{{ code }} as {{ column }},
        {%- endfor %}
        {%- for column, given in phones.items() %}
        coalesce({{ column }}_respelt.alike, delivered.{{ given }}) as {{ column }},
        {%- endfor %}
        {%- for column, (given, declared) in alongside.items() %}
        delivered.{{ given }} as {{ column }},
        {%- endfor %}
        delivered._changed_at,
        delivered._row_id,
        delivered._file_id,
        delivered._record,
        delivered._line,
        delivered._delivered_at,
        delivered._loaded_at,
        {%- if absences %}
        0 as _is_absent,
        {%- endif %}
        {{ is_error or 'in_error._row_id is not null' }} as is_error
    from delivered
    {%- if not is_error %}
    left join in_error on delivered._row_id = in_error._row_id
    {%- endif %}
    {%- if valued %}
    left join unsaid_currencies
        on
            delivered.currency is null
            and delivered.{{ key }} = unsaid_currencies.{{ key }}
    {%- endif %}
    {%- for column, given in phones.items() %}
    left join {{ column }}_respelt
        on
            delivered.{{ key }} = {{ column }}_respelt.{{ key }}
            and delivered.{{ given }} = {{ column }}_respelt.spelling
    {%- endfor %}
    {%- for relation, column, code, condition in joins %}
    left join {{ relation }} as {{ column }} on {{ condition }}
    {%- endfor %}
    {%- if absences %}

    union all

    select
        absences.record_id as {{ key }},
        {%- for column in all if column != key %}
        null as {{ column }},
        {%- endfor %}
        {{ absent_lineage() }},
        false as is_error
    from {{ absences }} as absences
    where
        absences.table_name = '{{ table_name }}'
        and absences.record_id is not null
        and (
            {{ watermark() }} < 0
            or absences.record_id in (select delivered.{{ key }} from delivered)
        )
    {%- endif %}

),

files as (

    {{ delivered_files(
        source_name, table_name, all.values(), absences=absences
    ) }}

),

{% if absences %}
gapped as (

    {{ gapped_rows('judged', key, absences, table_name) }}

),
{% endif %}
versioned as (

    {{ version_rows(
        'judged', key=key, columns=all, state=listed, types=types,
        absences=absences, gapped='gapped' if absences else none,
        backward=backward,
    ) }}

),

final as (

    select
        {%- for column in all if column not in phones and column not in alongside %}
        {{ shown[column] ~ ' as ' if column in shown }}{{ column }},
        {%- endfor %}
        {%- for column, expression in derived.items() %}
        {{ expression }} as {{ column }},
        {%- endfor %}
        version_number,
        row_status,
        valid_from,
        latest_file_id,
        {%- if absences %}
        delivered_file_id,
        {%- endif %}
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned
    {%- if currency %}
    left join (
        select
            code as _currency,
            decimals as _decimals
        from {{ ref('currencies') }}
    ) as _money
        on {{ currency }} = _money._currency
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- Lineage and times of a row that says that a record is missing. -#}
{% macro absent_lineage() -%}
null as _changed_at,
        absences.row_id as _row_id,
        absences.file_id as _file_id,
        0 as _record,
        null as _line,
        absences.received_at as _delivered_at,
        absences.loaded_at as _loaded_at,
        1 as _is_absent
{%- endmacro %}


{#- The currency, with its decimals, of records that a file without that column has,
    as the other files give it; a whole select. -#}
{% macro unsaid_currencies(relation, key, source_name, table_name) -%}
select
        said.{{ key }},
        min(said.currency) as currency,
        min(currencies.decimals) as decimals
    from {{ relation }} as said
    inner join {{ ref('currencies') }} as currencies
        on said.currency = currencies.code
    where
        said.{{ key }} in (
            select unsaid.{{ key }} from {{ relation }} as unsaid
            where
                unsaid.currency is null
                and unsaid._file_id in (
                    select files.file_id
                    from {{ ref('stg_ingest__files') }} as files
                    where
                        files.source_name = '{{ source_name }}'
                        and files.table_name = '{{ table_name }}'
                        and {{ lacks_column__is_named(
                            'files.missing_columns', 'currency'
                        ) }}
                )
        )
    group by said.{{ key }}
    having min(said.currency) = max(said.currency)
{%- endmacro %}
