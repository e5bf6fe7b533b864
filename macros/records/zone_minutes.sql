{#- Minutes east of UTC of a time zone at a local time, NULL if it is not known:
    abbreviations, offsets, IANA names and those of Square. Summer time of North
    America (since 2007) and of Europe is worked out. -#}
{% macro zone_minutes(zone, local) -%}
{{ cleaning.session_function(
    'zone_minutes', [local, zone], zone_minutes__of,
    unless=zone ~ " = 'UTC'", value='0'
) }}
{%- endmacro %}


{% macro zone_minutes__of(local, zone) -%}
{%- set fixed = {
    0: ['utc', 'gmt', 'z', 'wet', 'etc/utc', 'africa/casablanca', 'atlantic/reykjavik'],
    60: ['cet', 'bst', 'west', 'africa/lagos'],
    120: ['cest', 'eet', 'sast', 'africa/johannesburg', 'africa/cairo'],
    180: ['eest', 'msk', 'europe/moscow', 'europe/istanbul', 'asia/riyadh'],
    240: ['asia/dubai', 'gst'], 330: ['ist', 'asia/kolkata', 'asia/calcutta',
        'mumbai', 'new delhi'],
    420: ['asia/bangkok', 'asia/jakarta', 'asia/ho_chi_minh', 'wib'],
    480: ['sgt', 'hkt', 'awst', 'asia/singapore', 'asia/hong_kong', 'asia/shanghai',
        'asia/manila', 'australia/perth', 'singapore', 'hong kong', 'perth'],
    540: ['jst', 'kst', 'asia/tokyo', 'asia/seoul', 'tokyo', 'seoul'],
    570: ['acst'], 600: ['aest', 'australia/brisbane', 'brisbane'], 660: ['aedt'],
    720: ['nzst'], 780: ['nzdt'],
    -180: ['brt', 'america/sao_paulo', 'america/argentina/buenos_aires', 'brasilia'],
    -210: ['nst'], -150: ['ndt'],
    -240: ['edt', 'ast', 'america/puerto_rico'], -300: ['est', 'cdt', 'america/bogota',
        'america/lima'],
    -360: ['cst', 'mdt', 'america/mexico_city'],
    -420: ['mst', 'pdt', 'arizona', 'america/phoenix'], -480: ['pst', 'akdt'],
    -540: ['akst'], -600: ['hst', 'hawaii', 'pacific/honolulu'],
} -%}
{%- set american = {
    -240: ['atlantic time (canada)', 'america/halifax'],
    -300: ['eastern time (us & canada)', 'america/new_york', 'america/detroit',
        'america/toronto', 'us/eastern', 'indiana (east)', 'eastern time'],
    -360: ['central time (us & canada)', 'america/chicago', 'america/winnipeg',
        'us/central', 'central time'],
    -420: ['mountain time (us & canada)', 'america/denver', 'america/edmonton',
        'us/mountain', 'mountain time'],
    -480: ['pacific time (us & canada)', 'america/los_angeles', 'america/vancouver',
        'us/pacific', 'pacific time'],
    -540: ['alaska', 'america/anchorage'],
} -%}
{%- set european = {
    0: ['europe/london', 'london', 'edinburgh', 'europe/dublin', 'dublin',
        'europe/lisbon', 'lisbon'],
    60: ['europe/berlin', 'berlin', 'europe/paris', 'paris', 'europe/madrid', 'madrid',
        'europe/rome', 'rome', 'europe/amsterdam', 'amsterdam', 'europe/vienna',
        'vienna', 'europe/zurich', 'europe/brussels', 'brussels', 'europe/stockholm',
        'stockholm', 'europe/copenhagen', 'copenhagen', 'europe/oslo', 'europe/prague',
        'prague', 'europe/warsaw', 'warsaw', 'europe/budapest', 'budapest',
        'europe/luxembourg', 'central european time'],
    120: ['europe/athens', 'athens', 'europe/helsinki', 'helsinki',
        'europe/bucharest', 'bucharest', 'europe/sofia', 'europe/kiev',
        'europe/kyiv', 'europe/vilnius', 'europe/riga', 'europe/tallinn',
        'eastern european time'],
} -%}
{%- set places = {} -%}
{%- for kind, bases in {'american': american, 'european': european}.items() -%}
  {%- do places.update({kind: bases.values() | sum(start=[])}) -%}
{%- endfor -%}
{%- set hour -%}
case
                            when lower({{ zone }}) in ('{{ european[0] | join("', '") }}') then 1
                            when lower({{ zone }}) in ('{{ european[120] | join("', '") }}') then 3
                            else 2
                        end
{%- endset -%}
case
        {%- for zones in [fixed, american, european] %}
        {%- for minutes, names in zones.items() %}
        when lower({{ zone }}) in ('{{ names | join("', '") }}') then {{ minutes }}
        {%- endfor %}
        {%- endfor %}
        when {{ zone }} like '+__:__' or {{ zone }} like '-__:__'
            then
                (
                    cast(substr({{ zone }}, 2, 2) as integer) * 60
                    + cast(substr({{ zone }}, 5, 2) as integer)
                ) * case when {{ zone }} like '-%' then -1 else 1 end
    end
        + case
            when
                lower({{ zone }}) in ('{{ places.american | join("', '") }}')
                then case
                    when {{ zone_minutes__american(local) }} then 60
                    else 0
                end
            when
                lower({{ zone }}) in ('{{ places.european | join("', '") }}')
                then case
                    when {{ zone_minutes__european(local, hour) }} then 60
                    else 0
                end
            else 0
        end
{%- endmacro %}


{#- Whether a local time is in the summer time of North America. -#}
{% macro zone_minutes__american(local) -%}
substr({{ local }}, 1, 13) >= {{ zone_minutes__day(local, '03', 14, 1) }} || 'T02'
                        and substr({{ local }}, 1, 13) < {{ zone_minutes__day(local, '11', 7, 1) }} || 'T02'
{%- endmacro %}


{#- Whether it is in that of Europe, which begins at `hour` of its zone. -#}
{% macro zone_minutes__european(local, hour) -%}
substr({{ local }}, 1, 13) >= {{ zone_minutes__day(local, '03', 31, 4) }} || 'T0'
                        || {{ hour }}
                        and substr({{ local }}, 1, 13) < {{ zone_minutes__day(local, '10', 31, 1) }} || 'T0'
                        || ({{ hour }} + 1)
{%- endmacro %}


{#- The last Sunday of a month up to its day `last`, in the year of a local time; the
    year times 5/4 counts leap days. -#}
{% macro zone_minutes__day(local, month, last, days) -%}
{%- set year = 'cast(substr(' ~ local ~ ', 1, 4) as integer)' -%}
substr({{ local }}, 1, 5) || '{{ month }}-' || substr(cast(100 + cast(
                        {{ last }} - (
                            ({{ year }} * 5 - {{ year }} * 5 % 4) / 4 + {{ days }}
                        ) % 7 as integer
                    ) as text), 2)
{%- endmacro %}
