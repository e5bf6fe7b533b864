{#-
    A telephone number as E.164 (+14155550123), or NULL. International forms
    need no country; national ones take that of the arguments, which are
    columns of the countries seed or literals and may be NULL. Well-formed is
    enough: the number need not be assigned to anybody.
-#}
{% macro phone_e164(
    phone,
    calling_code,
    trunk_prefix,
    national_length_min,
    national_length_max,
    exit_code
) -%}
    {{ return(adapter.dispatch('phone_e164', 'revenue_warehouse')(
        phone, calling_code, trunk_prefix, national_length_min,
        national_length_max, exit_code
    )) }}
{%- endmacro %}


{#-
    The shape of numbers by calling code, where known; a test compares it with
    the countries seed, which staging cannot join.
-#}
{% macro calling_codes() -%}
    {{ return([
        {'code': '1', 'trunk': '1', 'shortest': 10, 'longest': 10},
        {'code': '33', 'trunk': '0', 'shortest': 9, 'longest': 9},
        {'code': '44', 'trunk': '0', 'shortest': 9, 'longest': 10},
        {'code': '49', 'trunk': '0', 'shortest': 6, 'longest': 11},
        {'code': '61', 'trunk': '0', 'shortest': 9, 'longest': 9},
    ]) }}
{%- endmacro %}


{#-
    Subscriber numbers alone have at most eight digits: a national number
    without its trunk prefix must be longer, or the area code may be missing.
-#}
{% macro default__phone_e164(
    phone,
    calling_code,
    trunk_prefix,
    national_length_min,
    national_length_max,
    exit_code
) -%}
(
    with
    dialled as (
        select
            regexp_replace(
                {{ default__phone_without_marks(phone) }},
                '{{ default__extension_pattern() }}', ''
            ) as _v,
            cast({{ calling_code }} as varchar) as _code,
            cast({{ trunk_prefix }} as varchar) as _trunk,
            cast({{ national_length_min }} as integer) as _shortest,
            cast({{ national_length_max }} as integer) as _longest,
            cast({{ exit_code }} as varchar) as _exit_digits
    ),
    full_number as (
        select
            case
                when _v like '+%' then _v
                when _exit_digits <> '' and _v like _exit_digits || '%'
                    then '+' || substr(_v, length(_exit_digits) + 1)
                when _v like '00%' then '+' || substr(_v, 3)
                when _trunk <> '' and _v like _trunk || '%'
                    then case
                        when
                            length(_v) - length(_trunk)
                            between _shortest and _longest
                            then '+' || _code || substr(_v, length(_trunk) + 1)
                    end
                when
                    length(_v) between greatest(_shortest, 9) and _longest
                    and (_v not like _code || '%' or _code = '1')
                    then '+' || _code || _v
                when
                    _v like _code || '%'
                    and length(_v) > _longest
                    and length(_v) - length(_code) between _shortest and _longest
                    then '+' || _v
            end as _v
        from dialled
        where length(_v) between 7 and 22
    ),
    bare as (
        select
            case
                {%- for plan in calling_codes() %}
                when _v like '+{{ plan.code }}{{ plan.trunk }}%'
                    then '+{{ plan.code }}' || substr(_v, {{
                        plan.code | length + plan.trunk | length + 2 }})
                {%- endfor %}
                else _v
            end as _v
        from full_number
    )
    select _v
    from bare
    where case
        {%- for plan in calling_codes() %}
        when _v like '+{{ plan.code }}%'
            then _v ~ '^[+]{{ plan.code }}{{
                '[2-9]' if plan.code == '1' else '[1-9]' }}[0-9]{{ '{' }}{{
                plan.shortest - 1 }},{{ plan.longest - 1 }}}$'
        {%- endfor %}
        else _v ~ '^[+][1-9][0-9]{6,14}$'
    end
)
{%- endmacro %}


{% macro sqlite__phone_e164(
    phone,
    calling_code,
    trunk_prefix,
    national_length_min,
    national_length_max,
    exit_code
) -%}
(
    with
    given as (
        select
            trim({{ phone }}) as v,
            {{ calling_code }} as code,
            {{ trunk_prefix }} as trunk,
            cast({{ national_length_min }} as integer) as shortest,
            cast({{ national_length_max }} as integer) as longest,
            {{ exit_code }} as exit
    ),
    spaced as not materialized (
        select
            {{ sqlite__phone_without_marks('v') }} as v,
            code,
            trunk,
            shortest,
            longest,
            exit
        from given
        limit 1
    ),
    {#- Digits, with a plus in front or not; anything else is no number. #}
    dialled as (
        select v, code, trunk, shortest, longest, exit
        from spaced
        where v not glob '*[^0-9+]*'
        union all
        select
            {{ sqlite__phone_without_extension('v') }} as v,
            code,
            trunk,
            shortest,
            longest,
            exit
        from spaced
        limit 1
    ),
    {#- Calling code and number behind it; the plus stays for now. #}
    full_number as (
        select
            case
                when v like '+%' then v
                when exit <> '' and v like exit || '%'
                    then '+' || substr(v, length(exit) + 1)
                when v like '00%' then '+' || substr(v, 3)
                when trunk <> '' and v like trunk || '%'
                    then case
                        when
                            length(v) - length(trunk)
                            between shortest and longest
                            then '+' || code || substr(v, length(trunk) + 1)
                    end
                when
                    length(v) between max(shortest, 9) and longest
                    and (v not like code || '%' or code = '1')
                    then '+' || code || v
                when
                    v like code || '%'
                    and length(v) > longest
                    and length(v) - length(code) between shortest and longest
                    then '+' || v
            end as v
        from dialled
        where length(v) between 7 and 22
        limit 1
    ),
    {#- A trunk prefix behind the calling code, as in +44 020, goes too. #}
    bare as (
        select
            case
                {%- for plan in calling_codes() %}
                when v like '+{{ plan.code }}{{ plan.trunk }}%'
                    then '+{{ plan.code }}' || substr(v, {{
                        plan.code | length + plan.trunk | length + 2 }})
                {%- endfor %}
                else v
            end as v
        from full_number
        limit 1
    )
    select v
    from bare
    where
        v glob '+[1-9]*'
        and substr(v, 2) not glob '*[^0-9]*'
        and case
            {%- for plan in calling_codes() %}
            when v like '+{{ plan.code }}%'
                then
                    length(v) between {{ plan.code | length + plan.shortest + 1
                    }} and {{ plan.code | length + plan.longest + 1 }}
                    and v glob '+{{ plan.code }}{{
                        '[2-9]' if plan.code == '1' else '[1-9]' }}*'
            {%- endfor %}
            else length(v) between 8 and 16
        end
)
{%- endmacro %}
