{#- A relation joined with the notation of its files, with each identifier as its
    system means it in `_<column>_id`, a whole select: without the apostrophe or
    ="…" of spreadsheets, prefix and `.0`; of a list the first, but of `named`; NULL for a null id;
    of 15 characters in the form of 18, where they are Salesforce's. -#}
{% macro bare_identifiers(relation, columns, named=[]) -%}
select
        *
        {%- for column in columns %},
        case
            when _is_salesforce = 1 and length(_{{ column }}_single) = 15
                and _{{ column }}_single not like '% %'
                then {{ salesforce_id('_' ~ column ~ '_single') }}
            else _{{ column }}_single
        end as _{{ column }}_id
        {%- endfor %}
    from (
        select
            *
            {%- for column in columns %}
            {%- set v = '_' ~ column ~ '_plain' %},
            case
                when {{ v }} in (
                    '', '000000000000000', '000000000000000AAA'
                    {%- for number in range(6) %}, coalesce(_null_{{ number }}, ''){% endfor %}
                ) then null
                when {{ v }} like '%.0' and trim({{ v }}, '0123456789') = '.'
                    then substr({{ v }}, 1, length({{ v }}) - 2)
                {%- for mark in [';', ',', '|'] if column not in named %}
                when _list_separator = '{{ mark }}' and {{ v }} like '%{{ mark }}%'
                    then trim({{ cleaning.text_before(
                        'trim(' ~ v ~ ", '" ~ mark ~ " ') || '" ~ mark ~ "'", mark
                    ) }}, ' ')
                {%- endfor %}
                else {{ v }}
            end as _{{ column }}_single
            {%- endfor %}
        from (
            select
                *
                {%- for column in columns %}
                {%- set v = '_' ~ column ~ '_stripped' %},
                case
                    {%- for number in range(6) %}
                    when substr({{ v }}, 1, length(_prefix_{{ number }})) = _prefix_{{ number }}
                        then substr({{ v }}, length(_prefix_{{ number }}) + 1)
                    {%- endfor %}
                    else {{ v }}
                end as _{{ column }}_plain
                {%- endfor %}
            from (
                select
                    *
                    {%- for column in columns %},
                    trim({{ adapter.quote(column) }}, ' ''="{{ '\u00a0' }}') as _{{ column }}_stripped
                    {%- endfor %}
                from {{ relation }}
                {{ cleaning.computed_once() }}
            ) as _stripped
            {{ cleaning.computed_once() }}
        ) as _plain
        {{ cleaning.computed_once() }}
    ) as _single
    {{ cleaning.computed_once() }}
{%- endmacro %}


{#- An identifier of a file with its scope before it; one that a spreadsheet has
    rounded stays as it is, for staging to reject. -#}
{% macro bare_identifiers__scoped(bare, value) -%}
case
            when _scope is null then {{ value }}
            when {{ is_rounded_id(bare) }} then {{ bare }}
            else _scope || ':' || {{ bare }}
        end
{%- endmacro %}
