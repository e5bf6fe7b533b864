{#- The domain of an address if it is that of an organisation: none of providers and
    platforms. -#}
{% macro work_domain(email) -%}
{%- set domain = cleaning.lower_text(cleaning.text_after(email, '@')) -%}
case
            when
                {{ domain }} not in (
                    select providers.domain from {{ ref('email_providers') }} as providers
                    union all
                    select platforms.domain
                    from {{ ref('platform_domains') }} as platforms
                )
                then nullif({{ domain }}, '')
        end
{%- endmacro %}
