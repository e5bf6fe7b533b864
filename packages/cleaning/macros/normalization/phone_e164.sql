{#-
    A telephone number as E.164 (+14155550123), or NULL. International forms
    need no country; national ones are read as dialled in the given one, which
    is a column or a literal and may be NULL. The number has the length and the
    first digits of its plan; it need not be assigned to anybody. The plans are in
    two relations, by default the package's seeds.
-#}
{% macro phone_e164(phone, country_code, plans=none, regions=none) -%}
    {{ return(adapter.dispatch('phone_e164', 'cleaning')(
        phone, country_code,
        plans or ref('phone_plans'), regions or ref('phone_regions')
    )) }}
{%- endmacro %}


{% macro default__phone_e164(phone, country_code, plans, regions) -%}
{%- set area_codes -%}
(
            select string_agg(beginnings, '')
            from {{ plans }}
            where calling_code = '1' and national_length = 10
        )
{%- endset -%}
{%- set number -%}
right(regexp_replace(_1, '[^0-9]', '', 'g'), 10)
{%- endset -%}
{%- set is_usual -%}
_1 ~ (
        '^([+]?1[-. ]?)?[(]?[2-9][0-9]{2}[)]?[-. /]?[0-9]{3}[-. ]?[0-9]{4}$'
    )
    and (_1 like '+%' or _2 in ('US', 'CA'))
{%- endset -%}
{%- set value -%}
case
        when {{ cleaning.begins_in(area_codes, number, [3, 2]) }}
            then '+1' || {{ number }}
    end
{%- endset -%}
{{ cleaning.lookup_shortcut(
    phone, is_usual, value, 'phone_e164', cleaning.default__phone_of_any_region,
    [plans, regions], [ref('phone_plans'), ref('phone_regions')], [country_code]
) }}
{%- endmacro %}


{% macro default__phone_of_any_region(phone, country_code, plans, regions) -%}
{{ cleaning.phone_reading(
    cleaning.default__dialled_digits(phone), country_code, plans, regions
) }}
{%- endmacro %}


{% macro sqlite__phone_e164(phone, country_code, plans, regions) -%}
{{ cleaning.session_function(
    'phone_e164', [phone, country_code], cleaning.sqlite__phone, [plans, regions],
    [ref('phone_plans'), ref('phone_regions')]
) }}
{%- endmacro %}


{#- Numbers of North America, as usual there, need no look at the seeds. -#}
{% macro sqlite__phone(phone, country_code, plans, regions) -%}
{%- set number = '[2-9]' ~ '[0-9]' * 9 -%}
(
    with
    given as (select trim({{ phone }}) as v, {{ country_code }} as country),
    marked as not materialized (
        select {{ cleaning.sqlite__phone_without_marks('v') }} as v, country
        from given
        limit 1
    ),
    dialled as (
        select {{ cleaning.sqlite__dialled_digits('v') }} as v, country
        from marked
        limit 1
    )
    select case
        when exists (
            select 1
            from {{ plans }}
            where
                calling_code = '1'
                and national_length = 10
                and first_digit = substr(v, -10, 1)
                and {{ cleaning.begins_in(
                    'beginnings', 'substr(v, -10)', [3, 2]
                ) }}
        )
            then '+1' || substr(v, -10)
    end
    from marked
    where
        v glob '+1{{ number }}'
        or (
            country in ('US', 'CA')
            and (v glob '{{ number }}' or v glob '1{{ number }}')
        )
    union all
    select {{ cleaning.phone_reading('v', 'country', plans, regions) }}
    from dialled
)
{%- endmacro %}


{#-
    The best reading of what is dialled, digits with or without a plus, in a
    country. It may be the whole way from abroad, a number of the country, such
    a one behind its own calling code, or one without the only area code. Each
    is tried without a trunk prefix (0, or 0 and a carrier), then as it is;
    what the plan does not know is no number.
-#}
{% macro phone_reading(dialled, country_code, plans, regions) -%}
(
    with
    given as (
        select {{ dialled }} as _v, {{ country_code }} as _country
        {{ cleaning.computed_once() }}
    ),
    placed as (
        select
            given._v,
            regions.calling_code as _code,
            case
                when given._v like '+%' then substr(given._v, 2)
                {%- for size in range(8, 0, -1) %}
                when
                    {{ cleaning.position_of(
                        'regions.exit_prefixes',
                        "'|' || substr(given._v, 1, " ~ size ~ ") || '|'"
                    ) }} > 0
                    {{- " or given._v like '00%'" if size == 2 }}
                    then substr(given._v, {{ size + 1 }})
                {%- endfor %}
            end as _abroad,
            case
                when length(given._v) = regions.local_length
                    then regions.area_code || given._v
            end as _completed
        from given
        left join {{ regions }} as regions
            on given._country = regions.region_code
        where length(given._v) between 3 and 22
        {{ cleaning.computed_once() }}
    ),
    readings as (
        select
            ways.preference,
            case
                when ways.preference < 4 then placed._code
                else substr(_abroad, 1, {{ cleaning.calling_code_length(
                    '_abroad'
                ) }})
            end as code,
            case ways.preference
                when 4
                    then substr(
                        _abroad, 1 + {{ cleaning.calling_code_length(
                            '_abroad'
                        ) }}
                    )
                when 3 then _completed
                when 2 then _v
                when 1
                    then case
                        when _v like _code || '%'
                            then substr(_v, length(_code) + 1)
                    end
            end as number
        from placed
        cross join (
            select 1 as preference
            union all select 2 as preference
            union all select 3 as preference
            union all select 4 as preference
        ) as ways
        {{ cleaning.computed_once() }}
    ),
    written as (
        select
            preference,
            code,
            {{ cleaning.argentine_mobile('code', 'number') }} as number
        from readings
        where number not like '+%'
        {{ cleaning.computed_once() }}
    ),
    candidates as (
        select
            code,
            substr(number, 1, cuts.size) as prefix,
            substr(number, cuts.size + 1) as number,
            length(number) - cuts.size as size,
            cast(preference as text) || cuts.size as preference
        from written
        cross join (
            {%- for size in range(8) %}
            {{ 'union all ' if not loop.first }}select {{ size }} as size
            {%- endfor %}
        ) as cuts
        where cuts.size = 0 or substr(number, 1, 1) in ('0', '1', '8', '9')
        {{ cleaning.computed_once() }}
    )
    select substr(max(preference || '+' || code || number), 3)
    from candidates
    inner join {{ plans }} as plans
        on
            candidates.code = plans.calling_code
            and candidates.size = plans.national_length
            and substr(number, 1, 1) = plans.first_digit
    where
        (
            prefix = ''
            or {{ cleaning.position_of(
                'plans.trunk_prefixes', "'|' || prefix || '|'"
            ) }} > 0
        )
        and {{ cleaning.begins_in('plans.beginnings', 'number', [3, 4, 2, 1]) }}
)
{%- endmacro %}


{#- Whether a list has the first digits of a number, so many of them. -#}
{% macro begins_in(list, number, sizes) -%}
(
    {%- for size in sizes %}
    {{ 'or ' if not loop.first }}{{ cleaning.position_of(
        list, "'|' || substr(" ~ number ~ ', 1, ' ~ size ~ ") || '|'"
    ) }} > 0
    {%- endfor %}
)
{%- endmacro %}


{#- Calling codes have one digit in zones 1 and 7, two in these, else three. -#}
{% macro calling_code_length(digits) -%}
case
    when substr({{ digits }}, 1, 1) in ('1', '7') then 1
    when
        substr({{ digits }}, 1, 2) in (
            '20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41',
            '43', '44', '45', '46', '47', '48', '49', '51', '52', '53', '54',
            '55', '56', '57', '58', '60', '61', '62', '63', '64', '65', '66',
            '81', '82', '84', '86', '90', '91', '92', '93', '94', '95', '98'
        )
        then 2
    else 3
end
{%- endmacro %}


{#- Argentine mobiles have a 15 behind the area code at home, from abroad a 9
    before it. -#}
{% macro argentine_mobile(code, number) -%}
case
    when {{ code }} = '54' and length(ltrim({{ number }}, '0')) = 12
        then case
            {%- for area in ('11', '___', '____') %}
            when ltrim({{ number }}, '0') like '{{ area }}15%'
                then
                    '9' || substr(ltrim({{ number }}, '0'), 1, {{ area | length }})
                    || substr(ltrim({{ number }}, '0'), {{ area | length + 3 }})
            {%- endfor %}
            else {{ number }}
        end
    else {{ number }}
end
{%- endmacro %}
