{#-
    The blocks of an entity: texts that records of one person are likely to
    share. Only records of one block are compared, and a block of more records
    than `block_limit` is no evidence of identity.
-#}
{% macro identity_keys(entity, records) -%}
{%- set apart = identity.identity_settings(entity).apart -%}
{%- if apart %}
{#- Where all are of one group, none is compared; what the second brings is compared
    with all. #}
with

mates as (

    select
        case
            when count(*) < 2 then 9000000000000000000
            when max(first_file_id) > {{ watermark() }} then -1
            else {{ watermark() }}
        end as known_file_id
    from (
        select min(latest_file_id) as first_file_id
        from {{ records }}
        group by apart
    ) as parts

)
{% endif %}
{%- for rule in identity.identity_keys__rules(entity) %}
{{ 'union all' if not loop.first }}
select
    '{{ loop.index }}:' || {{ rule.key | join(" || '|' || ") }} as block_key,
    record_number,
    {{ rule.limit }} as block_limit,
    {%- if apart %}
    apart,
    {%- endif %}
    latest_file_id
from {{ records }}
where
    {{ rule.key | join(" || ") }} is not null
    {%- if rule.where %}
    and {{ rule.where }}
    {%- endif %}
    and latest_file_id > {{ '(select known_file_id from mates)' if apart
        else watermark() }}
{%- endfor %}
{%- endmacro %}


{#- The last four letters. -#}
{% macro identity_keys__end(name) -%}
substr({{ name }}, length({{ name }}) - 3)
{%- endmacro %}


{#- The rules as {key: [expression, …], limit, where}, by the kinds there are. -#}
{% macro identity_keys__rules(entity) -%}
    {%- set size = identity.identity_settings(entity).block_size -%}
    {%- set few = size // 2 -%}
    {#- a record with an address or number is found by it: blocks of names, or of
        names in one town, may be small -#}
    {%- set is_reached
        = identity.identity_fields__of(entity, ['email', 'phone']) != [] -%}
    {%- set by_slip = few // 2 if is_reached else few -%}
    {%- set by_town = few // 2 if is_reached else size -%}
    {%- set fields = identity.identity_fields(entity) -%}
    {%- set kinds = fields | map(attribute='kind') | list -%}
    {%- set rules = [] -%}
    {%- set names = [] -%}
    {%- for kind, name in [
        ('first_name', 'formal_name'), ('last_name', 'last_name'),
    ] if kind in kinds -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {%- set initials = ['substr(first_name, 1, 1)', 'substr(last_name, 1, 1)'] -%}

    {#- what one person has alone, or few share -#}
    {%- for field in fields -%}
        {%- if field.kind in ['email', 'phone', 'hash', 'identifier', 'domain'] -%}
            {%- do rules.append({'key': [field.name], 'limit': size}) -%}
        {%- elif field.kind in ['date', 'street', 'text']
            or (field.kind == 'company' and not names) -%}
            {%- do rules.append({'key': [field.name], 'limit': few}) -%}
        {%- endif -%}
        {%- if field.kind == 'email' -%}
            {%- do rules.append({
                'key': ["replace(" ~ field.name ~ "_mailbox, '.', '')"],
                'limit': by_slip,
                'where': 'length(' ~ field.name ~ '_mailbox) > 3',
            }) -%}
        {%- endif -%}
    {%- endfor -%}

    {#- whole names, in either order -#}
    {%- if names | length == 2 -%}
        {%- do rules.append({'key': [
            cleaning.least_of(['first_name', 'last_name']),
            cleaning.greatest_of(['first_name', 'last_name']),
        ], 'limit': size, 'where': 'first_name || last_name is not null'}) -%}
        {%- do rules.append({
            'key': ['formal_name', 'substr(last_name, 1, 4)'],
            'limit': by_slip,
        }) -%}
        {%- do rules.append({
            'key': ['substr(first_name, 1, 3)', 'last_name'],
            'limit': by_slip,
        }) -%}
        {%- do rules.append({
            'key': ['substr(first_name, 1, 1)', 'last_name'], 'limit': by_slip,
        }) -%}
        {#- a slip at the beginning leaves the end #}
        {%- do rules.append({
            'key': ['formal_name', identity.identity_keys__end('last_name')],
            'limit': by_slip, 'where': 'length(last_name) > 4',
        }) -%}
        {%- do rules.append({
            'key': [identity.identity_keys__end('first_name'), 'last_name'],
            'limit': by_slip, 'where': 'length(first_name) > 4',
        }) -%}
    {%- endif -%}

    {#- a name within a firm, a place or a day; colleagues also by initials -#}
    {%- for field in fields if field.kind in [
        'company', 'company_id', 'email', 'city', 'postcode', 'street',
        'house_number', 'date', 'category', 'text',
    ] -%}
        {%- set group = field.name
            ~ ('_domain' if field.kind == 'email' else '') -%}
        {%- set group = 'substr(' ~ group ~ ', 1, 8)'
            if field.kind == 'company' else group -%}
        {%- set limit = by_town if field.kind == 'city' else size -%}
        {%- for name in names -%}
            {%- do rules.append({'key': [group, name], 'limit': limit}) -%}
        {%- endfor -%}
        {%- if names | length == 2
            and field.kind in ['company', 'company_id'] -%}
            {%- do rules.append({
                'key': [group, cleaning.least_of(initials), cleaning.greatest_of(initials)],
                'limit': size, 'where': 'first_name || last_name is not null',
            }) -%}
        {%- endif -%}
    {%- endfor -%}

    {#- a slip leaves one half of a number or a date as it was -#}
    {%- for field in fields if field.kind == 'identifier' -%}
        {%- for half in ['1, 4', '4'] -%}
            {%- do rules.append({
                'key': ['substr(' ~ field.name ~ ', ' ~ half ~ ')'],
                'limit': few,
                'where': 'length(' ~ field.name ~ ') > 5',
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for field in fields if field.kind == 'date' -%}
        {%- for half in ['1, 4', '5'] -%}
            {%- for other in fields
                if other.kind in ['first_name', 'last_name', 'city', 'postcode'] -%}
                {%- do rules.append({
                    'key': [
                        'substr(' ~ field.name ~ ', ' ~ half ~ ')', other.name
                    ],
                    'limit': few,
                    'where': 'length(' ~ field.name ~ ') = 8',
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for field in fields
        if field.kind == 'email' and 'company' not in kinds -%}
        {%- for half in ['1, 6', '5'] -%}
            {%- do rules.append({
                'key': ['substr(' ~ field.name ~ '_mailbox, ' ~ half ~ ')'],
                'limit': few,
                'where': 'length(' ~ field.name ~ '_mailbox) > 7',
            }) -%}
        {%- endfor -%}
        {%- do rules.append({
            'key': [
                'substr(' ~ field.name ~ '_mailbox, 1, 3)',
                'substr(' ~ field.name ~ '_domain, 1, 3)',
            ], 'limit': few,
        }) -%}
    {%- endfor -%}

    {#- two things that are no names -#}
    {%- set pairs = [
        ['date', 'city'], ['date', 'category'], ['street', 'house_number'],
        ['house_number', 'postcode'], ['street', 'postcode'],
        ['street', 'city'], ['postcode', 'category'], ['text', 'postcode'],
    ] + ([['company', 'city'], ['company', 'country']] if not names else []) -%}
    {%- for one, other in pairs if one in kinds and other in kinds -%}
        {%- for a in fields if a.kind == one -%}
            {%- for b in fields if b.kind == other -%}
                {%- do rules.append(
                    {'key': [a.name, b.name], 'limit': few}
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}
