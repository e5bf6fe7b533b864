{#-
    How many characters two texts share at their beginning, up to 31, found by
    halving. For texts that differ. Joined from the leaves up: a macro that calls
    itself 63 times is slow to compile.
-#}
{% macro common_prefix(one, other) -%}
{%- set cases = namespace(of=range(32) | map('string') | list) -%}
{%- for width in [1, 2, 4, 8, 16] -%}
  {%- set joined = [] -%}
  {%- for place in range(0, cases.of | length, 2) -%}
    {%- set shared = (place + 1) * width -%}
    {%- do joined.append(
        '\ncase\n    when substr(' ~ one ~ ', 1, ' ~ shared ~ ') = substr('
        ~ other ~ ', 1, ' ~ shared ~ ')\n        then ' ~ cases.of[place + 1]
        ~ '\n    else ' ~ cases.of[place] ~ '\nend'
    ) -%}
  {%- endfor -%}
  {%- set cases.of = joined -%}
{%- endfor -%}
{{ cases.of[0] }}
{%- endmacro %}
