{#- An e-mail address or a telephone number in the form in which it is hashed, or NULL:
    of an address as `clean_email` gives it, and of a number as `phone_e164` does. -#}
{% macro hash_form(value, form) -%}
  {%- set known = hash_forms() -%}
  {%- if form not in known.email + known.phone -%}
    {%- do exceptions.raise_compiler_error(
        'hash_form: form must be one of ' ~ (known.email + known.phone) | join(', ')
        ~ '; received ' ~ form
    ) -%}
  {%- endif -%}
  {%- if form in known.email -%}
    {{ return(hash_form__email(value, form)) }}
  {%- endif -%}
  {{ return(hash_form__phone(value, form)) }}
{%- endmacro %}


{#- The forms of each kind of value. scripts/ingest/schema.py checks declarations by
    the same lists; a test compares them. -#}
{% macro hash_forms() -%}
  {{ return({
      'email': ['lower', 'upper', 'google', 'uid2'],
      'phone': ['e164', 'digits', 'national', 'trunk'],
  }) }}
{%- endmacro %}


{#- Google ignores the dots of its own mailboxes; UID2 their tags as well. -#}
{% macro hash_form__email(value, form) -%}
{%- set small -%}
nullif({{ cleaning.lower_text("trim(" ~ value ~ ", ' ')") }}, '')
{%- endset -%}
{%- if form == 'lower' -%}
{{ small }}
{%- elif form == 'upper' -%}
nullif({{ cleaning.upper_text("trim(" ~ value ~ ", ' ')") }}, '')
{%- else -%}
{%- set mailbox = cleaning.text_before('_v', '@') -%}
{%- set domains = ['gmail.com'] + (['googlemail.com'] if form == 'google' else []) -%}
{%- if form == 'uid2' -%}
    {%- set mailbox = cleaning.text_before(mailbox, '+') -%}
{%- endif -%}
(
    with
    spelled as (
        select {{ small }} as _v
        {{ cleaning.computed_once() }}
    )
    select case
        when {{ cleaning.text_after('_v', '@') }} in ('{{ domains | join("', '") }}')
            then replace({{ mailbox }}, '.', '')
                || '@' || {{ cleaning.text_after('_v', '@') }}
        else _v
    end
    from spelled
)
{%- endif -%}
{%- endmacro %}


{#- Calling codes have one digit (1, 7), two (these) or three; none begins another. -#}
{% macro hash_form__phone(value, form) -%}
{%- set two = [
    '20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41', '43', '44', '45',
    '46', '47', '48', '49', '51', '52', '53', '54', '55', '56', '57', '58', '60', '61',
    '62', '63', '64', '65', '66', '81', '82', '84', '86', '90', '91', '92', '93', '94',
    '95', '98',
] -%}
{%- set code_length -%}
case
            when substr({{ value }}, 2, 1) in ('1', '7') then 1
            when substr({{ value }}, 2, 2) in ('{{ two | join("', '") }}') then 2
            else 3
        end
{%- endset -%}
{%- set national -%}
substr({{ value }}, 2 + {{ code_length }})
{%- endset -%}
{%- set trunk = cleaning.text_before('substr(plans.trunk_prefixes, 2)', '|') -%}
case
    when {{ value }} like '+%'
        then {% if form == 'e164' -%}
        {{ value }}
        {%- elif form == 'digits' -%}
        substr({{ value }}, 2)
        {%- elif form == 'national' -%}
        {{ national }}
        {%- else -%}
        coalesce((
            {#- longer ones are codes of carriers #}
            select case when length({{ trunk }}) <= 2 then {{ trunk }} end
            from {{ ref('phone_plans') }} as plans
            where
                plans.calling_code = substr({{ value }}, 2, {{ code_length }})
                and plans.national_length = length({{ national }})
                and plans.first_digit = substr({{ national }}, 1, 1)
        ), '') || {{ national }}
        {%- endif %}
end
{%- endmacro %}
