{#-
    A given or family name for comparison: folded, without titles before it
    (Dr. med. Ann) or a degree or generation behind it (Smith Jr.).
-#}
{% macro name_key(x) -%}
    {{ return(adapter.dispatch('name_key', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__name_key(x) -%}
case
    when {{ x }} not like '% %' then {{ cleaning.fold_text(x) }}
    else {{ cleaning.fold_text(cleaning.name_key__bare(x)) }}
end
{%- endmacro %}


{% macro spark_strict__name_key(x) -%}
{{ cleaning.session_function(
    'name_key', [x], cleaning.default__name_key
) }}
{%- endmacro %}


{% macro sqlite__name_key(x) -%}
{{ cleaning.sqlite_shortcut(
    x, x ~ " not glob '*[^a-zA-Z0-9]*'", "nullif(lower(" ~ x ~ "), '')",
    'name_key', cleaning.default__name_key
) }}
{%- endmacro %}


{% macro name_titles() -%}
    {{ return([
        'dr', 'prof', 'mr', 'mrs', 'ms', 'miss', 'sir', 'herr', 'frau', 'mme',
        'mlle', 'ing', 'dipl -ing', 'dipl-ing', 'rev', 'hon', 'capt', 'sgt', 'pd',
        'sra', 'srta', 'dott'
    ]) }}
{%- endmacro %}


{#- What follows another title: Prof. Dr. med. dent., Dr. rer. nat. -#}
{% macro name_further_titles() -%}
    {{ return([
        'dr', 'prof', 'med', 'dent', 'vet', 'phil', 'rer', 'nat', 'jur', 'iur',
        'habil', 'ing', '-ing', 'h c'
    ]) }}
{%- endmacro %}


{#- Degrees behind a name, as they are without their dots. -#}
{% macro name_degrees() -%}
    {{ return(['phd', 'ph d', 'mba', 'cpa', 'esq', 'm d', 'md']) }}
{%- endmacro %}


{% macro name_key__bare(x) -%}
(
    with
    lowered as (
        select lower({{ x }}) as whole
    ),
    given as (
        select
            trim(replace(replace(replace(replace(
                whole, 'İ', 'i'
            ), '.', ' '), ',', ' '), '{{ '\u00a0' }}', ' '), ' ') as whole
        from lowered
    ),
    untitled_0 as (
        select
            whole,
            case
                {%- for title in cleaning.name_titles() %}
                when whole like '{{ title }} %'
                    then trim(substr(whole, {{ title | length + 2 }}), ' ')
                {%- endfor %}
                else whole
            end as v
        from given
        limit 1
    ),
    {%- for step in range(1, 4) %}
    untitled_{{ step }} as (
        select
            whole,
            case
                when v = whole then v
                {%- for title in cleaning.name_further_titles() %}
                when v like '{{ title }} %'
                    then trim(substr(v, {{ title | length + 2 }}), ' ')
                {%- endfor %}
                else v
            end as v
        from untitled_{{ step - 1 }}
        limit 1
    ),
    {%- endfor %}
    untitled as (
        select
            case
                {%- for degree in cleaning.name_degrees() %}
                {#- of two words "Rahman Md" is a name #}
                when v like '% {{ '% ' if degree == 'md' }}{{ degree }}'
                    then trim(
                        substr(v, 1, length(v) - {{ degree | length + 1 }}), ' '
                    )
                {%- endfor %}
                else v
            end as untitled_name
        from untitled_3
        limit 1
    )
    select
        case
            {%- for generation in cleaning.name_generations() %}
            when untitled_name like '% {{ generation }}'
                then substr(
                    untitled_name, 1,
                    length(untitled_name) - {{ generation | length + 1 }}
                )
            {%- endfor %}
            else untitled_name
        end
    from untitled
    limit 1
)
{%- endmacro %}
