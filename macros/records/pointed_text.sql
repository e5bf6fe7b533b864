{#- A number with a decimal point, whatever the decimal mark of its file is; NULL where
    it could have thousands or decimals and the file shows nowhere which. -#}
{% macro pointed_text(x, decimal_mark, is_unmarked) -%}
{{ cleaning.session_function(
    'pointed_text', [x, decimal_mark, is_unmarked], pointed_text__of,
    unless=x ~ " not glob '*[.,]*'", value=x
) }}
{%- endmacro %}


{% macro pointed_text__of(x, decimal_mark, is_unmarked) -%}
case
        when {{ is_unmarked }} = 0 or not {{ is_two_way__of(x) }}
            then case
                when {{ decimal_mark }} = '.' then {{ x }}
                else {{ remarked_text__of(x, ',', '.') }}
            end
    end
{%- endmacro %}
