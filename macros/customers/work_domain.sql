{#- A domain of addresses, in lower case, if it is that of an organisation: none of
    providers of mailboxes and platforms. -#}
{% macro work_domain(domain) -%}
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
