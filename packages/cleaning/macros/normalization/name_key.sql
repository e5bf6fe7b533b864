{#-
    A given or family name for comparison: folded, without a title before it
    (Dr. Ann) or a generation behind it (Smith Jr.).
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


{% macro sqlite__name_key(x) -%}
{{ cleaning.sqlite_shortcut(
    x, x ~ " not glob '*[^a-zA-Z0-9]*'", "nullif(lower(" ~ x ~ "), '')",
    cleaning.default__name_key(x)
) }}
{%- endmacro %}


{% macro name_titles() -%}
    {{ return([
        'dr', 'prof', 'mr', 'mrs', 'ms', 'miss', 'sir', 'herr', 'frau', 'mme',
        'ing', 'rev'
    ]) }}
{%- endmacro %}


{% macro name_key__bare(x) -%}
(
    with
    lowered as (
        select lower({{ x }}) as whole
    ),
    given as (
        select
            trim(replace(replace(replace(
                whole, 'İ', 'i'
            ), '.', ' '), ',', ' '), ' ') as whole
        from lowered
    ),
    untitled as (
        select
            case
                {%- for title in cleaning.name_titles() %}
                when whole like '{{ title }} %'
                    then trim(substr(whole, {{ title | length + 2 }}))
                {%- endfor %}
                else whole
            end as untitled_name
        from given
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
