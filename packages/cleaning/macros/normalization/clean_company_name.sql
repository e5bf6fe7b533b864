{#- The name of a company as shown: white space and stray quotes tidied. -#}
{% macro clean_company_name(x) -%}
    {{ return(
        adapter.dispatch('clean_company_name', 'cleaning')(x)
    ) }}
{%- endmacro %}


{% macro default__clean_company_name(x) -%}
{%- set quotes = '"“”„«»' -%}
(
    with
    given as (
        select rtrim({{ cleaning.clean_name(x) }}, ' ,;') as _v
        {{ cleaning.computed_once() }}
    )
    select
        nullif(case
            when _v like '''%''' then trim(_v, ' ''')
            when trim(_v, ' {{ quotes }}') ~ '^[^{{ quotes }}]*$'
                then trim(_v, ' {{ quotes }}')
            else replace(_v, '""', '"')
        end, '')
    from given
)
{%- endmacro %}


{#- Quotes at the ends go, unless others stand inside: Toys "R" Us. -#}
{% macro sqlite__clean_company_name(x) -%}
{%- set quotes = '"“”„«»' -%}
(
    with
    named as (select {{ cleaning.clean_name(x) }} as v),
    given as (select rtrim(v, ' ,;') as v from named limit 1)
    select
        case
            when v not glob '*["''“”„«»]*' then nullif(v, '')
            when v like '''%''' then nullif(trim(v, ' '''), '')
            when trim(v, ' {{ quotes }}') not glob '*[{{ quotes }}]*'
                then nullif(trim(v, ' {{ quotes }}'), '')
            else replace(v, '""', '"')
        end
    from given
)
{%- endmacro %}
