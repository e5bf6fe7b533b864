{#-
    The form of a company's name for comparison: lower case, punctuation and
    the legal forms at its end left out. A name is never left out whole.
-#}
{% macro company_name_key(x) -%}
    {{ return(
        adapter.dispatch('company_name_key', 'cleaning')(x)
    ) }}
{%- endmacro %}


{#-
    Words that end the names of companies, dots left out. "company" is no legal
    form: "The Company Inc" is "the company".
-#}
{% macro legal_forms() -%}
    {{ return([
        'inc', 'incorporated', 'llc', 'lllp', 'llp', 'lp', 'corp',
        'corporation', 'co', 'ltd', 'limited', 'plc', 'pllc', 'pc', 'cic',
        'pty', 'pte', 'pvt', 'gmbh', 'mbh', 'ggmbh', 'ag', 'kg', 'kgaa', 'ohg',
        'ug', 'ev', 'eg', 'gbr', 'se', 'sa', 'sas', 'sasu', 'sarl', 'sàrl',
        'eurl', 'snc', 'sprl', 'srl', 'sl', 'slu', 'ltda', 'lda', 'bv', 'nv',
        'vof', 'cv', 'ab', 'as', 'asa', 'aps', 'oy', 'oyj', 'sro', 'doo', 'kft',
        'zrt', 'nyrt', 'ood', 'eood', 'ооо', 'оао', 'зао', 'ао', 'kk', 'bhd',
        'sdn', 'tbk', 'jsc', 'spzoo'
    ]) }}
{%- endmacro %}


{% macro default__company_name_key(x) -%}
{{ cleaning.session_function(
    'company_name_key', [x], cleaning.default__company_name_key__whole
) }}
{%- endmacro %}


{% macro default__company_name_key__whole(x) -%}
nullif(regexp_replace(
    trim(regexp_replace(regexp_replace(
        regexp_replace(
            lower(regexp_replace(
                {{ cleaning.clean_name(x) }},
                'S[.]p[.]A[.]?|SpA|S[.]P[.]A[.]', 'SRL', 'g'
            )),
            '[.''’]', '', 'g'
        ),
        '[-–—,&/+()"“”„«»!:;*_| ]+', ' ', 'g'
    ), '( and )+', ' ', 'g')),
    '( ({{ cleaning.legal_forms() | join('|') }})){1,4}$', ''
), '')
{%- endmacro %}


{% macro sqlite__company_name_key(x) -%}
{{ cleaning.sqlite_shortcut(
    x, cleaning.company_name_key__is_usual(x), 'lower(' ~ x ~ ')',
    'company_name_key', cleaning.company_name_key__of_any
) }}
{%- endmacro %}


{#- Words of letters and digits of which the last is no legal form. -#}
{% macro company_name_key__is_usual(x) -%}
{{ x }} glob '[0-9a-zA-Z]*[0-9a-zA-Z]'
        and {{ x }} not glob '*[^a-zA-Z0-9 ]*'
        and instr({{ x }}, '  ') = 0
        and {{ x }} not like '% and %'
        and {{ x }} not like 'not %'
        and {{ x }} not glob '*SpA*'
        and lower(
            substr({{ x }}, length(rtrim({{ x }}, replace({{ x }}, ' ', ''))) + 1)
        ) not in ('{{ cleaning.legal_forms() | join("', '") }}')
{%- endmacro %}


{% macro company_name_key__of_any(x) -%}
(
    with recursive
    cleaned as (select {{ cleaning.clean_name(x) }} as v),
    {#- "SpA" is a legal form, "Spa" is a place to rest. #}
    named as (
        select
            replace(replace(replace(replace(
                v, 'S.p.A.', 'SRL'), 'S.p.A', 'SRL'), 'SpA', 'SRL'),
                'S.P.A.', 'SRL') as v
        from cleaned
        limit 1
    ),
    lowered as not materialized (
        select {{ cleaning.lower_text('v') }} as v from named limit 1
    ),
    {{ cleaning.sqlite__translated(
        'lowered', '-–—,&/+()"“”„«»!:;*_|.\'’', ' ' * 21
    ) }},
    step_0 as (
        select v
        from lowered
        where v not glob '*[^a-z0-9 ]*' and v not like '% and %'
        union all
        select trim({{ cleaning.one_blank_for_many(
            "replace(v, ' and ', ' ')"
        ) }})
        from translated
        where letter < char(1)
        limit 1
    )
    {%- for step in range(1, 5) %}
    , step_{{ step }} as (
        select
            case
                when
                    v like '% %'
                    and substr(
                        v, length(rtrim(v, replace(v, ' ', ''))) + 1
                    ) in ('{{ cleaning.legal_forms() | join("', '") }}')
                    then rtrim(rtrim(v, replace(v, ' ', '')))
                else v
            end as v
        from step_{{ step - 1 }}
        limit 1
    )
    {%- endfor %}
    select nullif(v, '') from step_4
)
{%- endmacro %}
