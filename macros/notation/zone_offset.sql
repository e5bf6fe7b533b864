{#- The offset from UTC, such as `-05:00`, of a zone with summer times at a local time
    (YYYY-MM-DDTHH); NULL for any other zone. Which names those are says
    scripts/ingest/systems/zones.py. -#}
{% macro zone_offset(zone, local) -%}
{{ cleaning.session_function('zone_offset', [local, zone], zone_offset__of) }}
{%- endmacro %}


{% macro zone_offset__of(local, zone) -%}
{%- set american = {
    'America/New_York': ['-05:00', '-04:00'], 'America/Chicago': ['-06:00', '-05:00'],
    'America/Denver': ['-07:00', '-06:00'],
    'America/Los_Angeles': ['-08:00', '-07:00'],
    'America/Anchorage': ['-09:00', '-08:00'], 'America/Halifax': ['-04:00', '-03:00'],
} -%}
{%- set european = {
    'Europe/London': ['+00:00', '+01:00', 1], 'Europe/Berlin': ['+01:00', '+02:00', 2],
    'Europe/Athens': ['+02:00', '+03:00', 3],
} -%}
{%- set hour -%}
case {{ zone }}
                        {%- for name, offsets in european.items() %}
                        when '{{ name }}' then {{ offsets[2] }}
                        {%- endfor %}
                    end
{%- endset -%}
case
        when {{ local }} is null then null
        when {{ zone }} like 'America/%'
            then case
                when {{ zone_minutes__american(local) }}
                    then case {{ zone }}
                        {%- for name, offsets in american.items() %}
                        when '{{ name }}' then '{{ offsets[1] }}'
                        {%- endfor %}
                    end
                else case {{ zone }}
                    {%- for name, offsets in american.items() %}
                    when '{{ name }}' then '{{ offsets[0] }}'
                    {%- endfor %}
                end
            end
        when {{ zone }} in ('{{ european | join("', '") }}')
            then case
                when {{ zone_minutes__european(local, hour) }}
                    then case {{ zone }}
                        {%- for name, offsets in european.items() %}
                        when '{{ name }}' then '{{ offsets[1] }}'
                        {%- endfor %}
                    end
                else case {{ zone }}
                    {%- for name, offsets in european.items() %}
                    when '{{ name }}' then '{{ offsets[0] }}'
                    {%- endfor %}
                end
            end
    end
{%- endmacro %}
