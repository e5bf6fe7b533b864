{#- The records of a judged table, with the version that each stands for; a whole
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
      is_error   condition of a row in error, in place of a critical finding -#}
{% macro judged_versions(
    source_name, table_name, key, columns, codes={}, countries={}, phones={},
    state={}, shown={}, derived={}, types={}, currency=none, is_error=none
) -%}
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
{%- do compared.update(state) -%}
{%- set listed = compared.values() | select | list -%}
with

delivered as (

    {{ touched_rows(ref('stg_' ~ source_name ~ '__' ~ table_name), key) }}

),
{% if not is_error %}
in_error as (

    {{ rows_in_error(ref('int_' ~ source_name ~ '__row_findings'), table_name) }}

),
{% endif %}
{%- for column, given in phones.items() %}
{{ column }}_respelt as (

    {{ varied_keys('delivered', key, given) }}

),
{% endfor %}
judged as (

    select
        {%- for column in [key] + columns | list %}
        delivered.{{ column }},
        {%- endfor %}
        {%- for relation, column, code, condition in joins %}
        {{ column }}.{{ code }} as {{ column }},
        {%- endfor %}
        {%- for column, given in phones.items() %}
        case
            when {{ column }}_respelt.{{ key }} is null then delivered.{{ given }}
            else {{ phone_alike('delivered.' ~ given) }}
        end as {{ column }},
        {%- endfor %}
        delivered._changed_at,
        delivered._row_id,
        delivered._file_id,
        delivered._record,
        delivered._line,
        delivered._delivered_at,
        delivered._loaded_at,
        {{ is_error or 'in_error._row_id is not null' }} as is_error
    from delivered
    {%- if not is_error %}
    left join in_error on delivered._row_id = in_error._row_id
    {%- endif %}
    {%- for column in phones %}
    left join {{ column }}_respelt
        on delivered.{{ key }} = {{ column }}_respelt.{{ key }}
    {%- endfor %}
    {%- for relation, column, code, condition in joins %}
    left join {{ relation }} as {{ column }} on {{ condition }}
    {%- endfor %}

),

files as (

    {{ delivered_files(source_name, table_name, all.values()) }}

),

versioned as (

    {{ version_rows('judged', key=key, columns=all, state=listed, types=types) }}

),

final as (

    select
        {%- for column in all if column not in phones %}
        {{ shown[column] ~ ' as ' if column in shown }}{{ column }},
        {%- endfor %}
        {%- for column, expression in derived.items() %}
        {{ expression }} as {{ column }},
        {%- endfor %}
        version_number,
        row_status,
        valid_from,
        latest_file_id,
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
