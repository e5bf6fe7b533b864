{#-
    A given or family name for comparison: folded, without a title before it
    (Dr. Ann) or a generation behind it (Smith Jr.).
-#}
{% macro name_key(x) -%}
    {{ return(adapter.dispatch('name_key', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__name_key(x) -%}
case
    when {{ x }} not like '% %' then {{ fold_text(x) }}
    else {{ fold_text(name_key__bare(x)) }}
end
{%- endmacro %}


{% macro sqlite__name_key(x) -%}
{{ sqlite_shortcut(
    x, x ~ " not glob '*[^a-zA-Z0-9]*'", "nullif(lower(" ~ x ~ "), '')",
    default__name_key(x)
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
    given as (
        select trim(replace(replace(lower({{ x }}), '.', ' '), ',', ' ')) as v
    ),
    untitled as (
        select
            case
                {%- for title in name_titles() %}
                when v like '{{ title }} %'
                    then substr(v, {{ title | length + 2 }})
                {%- endfor %}
                else v
            end as v
        from given
        limit 1
    )
    select
        case
            {%- for generation in name_generations() %}
            when v like '% {{ generation }}'
                then substr(v, 1, length(v) - {{ generation | length + 1 }})
            {%- endfor %}
            else v
        end
    from untitled
    limit 1
)
{%- endmacro %}
