{#- What became of the money of each file of a table: per file, currency and measure
    what it holds, what of that is not in the mart and why, and what the mart has of
    it. A whole select. `measures` gives for each name [amount in the file, amount in
    the mart, why a row in the mart can have another]; `left_out` is why a current row
    can be missing there. -#}
{% macro reconciled(
    source_name, table_name, states, mart, currency, measures, left_out='deleted',
    staged=none, shown_currency='mart.currency_code'
) -%}
{%- set staged = staged or ref('stg_' ~ source_name ~ '__' ~ table_name) -%}
{%- set fates = {
    'error': 'error', 'superseded': 'superseded', 'unchanged': 'repeated',
    'left_out': left_out, 'unknown': 'currency_unknown',
} -%}
{#- without a currency of their own, amounts are read in hundredths -#}
{%- set is_valued = currency == 'states.currency' -%}
{%- for name, (in_file, in_mart, why) in measures.items() -%}
{{ '\n    union all\n    ' if not loop.first }}select
        file_id,
        '{{ source_name }}' as source_name,
        '{{ table_name }}' as table_name,
        '{{ name }}' as measure,
        currency_code,
        count(file_amount) as value_count,
        sum(coalesce(file_amount, 0)) as file_minor,
        {%- for reason in reconciled_reasons() %}
        sum(
            case
                {%- for fate, meant in fates.items() if meant == reason %}
                when fate = '{{ fate }}' then coalesce(file_amount, 0)
                {%- endfor %}
                when fate = 'kept' and why = '{{ reason }}'
                    then coalesce(file_amount, 0) - coalesce(mart_amount, 0)
                else 0
            end
        ) as {{ reason }}_minor,
        {%- endfor %}
        0 as mart_minor
    from (
        select
            states._file_id as file_id,
            {{ currency }} as currency_code,
            {% if is_valued -%}
            case
                when staged.currency is null
                    then {{ in_decimals('(' ~ in_file ~ ')', 'known.decimals') }}
                else {{ in_file }}
            end as file_amount,
            {%- else -%}
            {{ in_file }} as file_amount,
            {%- endif %}
            {{ in_mart }} as mart_amount,
            {{ why }} as why,
            case
                when states.row_status <> 'current' then states.row_status
                when mart._row_id is null then 'left_out'
                {%- if shown_currency %}
                when {{ shown_currency }} is null then 'unknown'
                {%- endif %}
                else 'kept'
            end as fate
        from {{ ref(states) }} as states
        inner join {{ staged }} as staged on states._row_id = staged._row_id
        {%- if is_valued %}
        left join {{ ref('currencies') }} as known
            on states.currency = known.code
        {%- endif %}
        left join {{ ref(mart) }} as mart
            on
                states._row_id = mart._row_id
                and states._file_id = mart._file_id
    ) as rows_of_files
    group by file_id, currency_code

    union all

    select
        mart._file_id as file_id,
        '{{ source_name }}' as source_name,
        '{{ table_name }}' as table_name,
        '{{ name }}' as measure,
        {{ shown_currency or 'cast(null as text)' }} as currency_code,
        0 as value_count,
        0 as file_minor,
        {%- for reason in reconciled_reasons() %}
        0 as {{ reason }}_minor,
        {%- endfor %}
        sum(coalesce({{ in_mart }}, 0)) as mart_minor
    from {{ ref(mart) }} as mart
    inner join {{ ref('fct_ingest_files') }} as files
        on
            mart._file_id = files.file_id
            and files.source_name = '{{ source_name }}'
            and files.table_name = '{{ table_name }}'
    {%- if shown_currency %}
    where {{ shown_currency }} is not null
    {%- endif %}
    group by mart._file_id{{ ', ' ~ shown_currency if shown_currency }}
{%- endfor -%}
{%- endmacro %}


{#- Why an amount of a file is not in its mart, or there otherwise. -#}
{% macro reconciled_reasons() -%}
{{ return([
    'error', 'superseded', 'repeated', 'deleted', 'no_money', 'sign',
    'worked_out', 'currency_unknown',
]) }}
{%- endmacro %}
