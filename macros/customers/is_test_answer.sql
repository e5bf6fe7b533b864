{#- Whether an answer to a form is one by which the form was tried. -#}
{% macro is_test_answer() -%}
coalesce(
            is_test,
            full_name like '<test lead:%'
            or email in ('test@fb.com', 'test@meta.com'),
            false
        )
{%- endmacro %}
