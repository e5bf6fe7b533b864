{#-
    The most that a pair may weigh, whatever agrees, by the letters of its
    pattern: strangers share home, town, firm and switchboard. The first rule
    that holds counts; without one there is no ceiling.
-#}
{% macro identity_ceiling(entity, pattern='pattern') -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set rules = identity.identity_ceiling__persons(entity, pattern)
    + identity.identity_ceiling__firms(entity, pattern) -%}
{%- if rules -%}
case
    {%- for rule in rules %}
    when {{ rule[0] }}
        then {{ rule[1] }}
    {%- endfor %}
    else {{ settings.certain }}
end
{%- else -%}
{{ settings.certain }}
{%- endif -%}
{%- endmacro %}


{#-
    Another first name needs the same mail, birthday or identifier, another last
    name one of these or the same telephone, and both an identifier, or mail and
    birthday. A first name with a slip needs some of it where mail and telephone
    differ, and one that is but alike where either does. Without it the pair is
    vetoed, as are father and son, and twins: one birthday in one house.

    Of one house, with other mailboxes, first names that are not equal are brothers
    and sisters where their birthdays differ; and equal names are father and son
    where those differ in all parts: that pair stays below the threshold, for review.

    Where one of a firm is john.smith2@, records of a John Smith there may be of either:
    without the same mailbox, number or birthday they are for review.

    One mailbox under two first names may be a person's or a family's: the pair
    stays below the threshold, for review, unless the setting one_mailbox is
    `merge`, or colleagues use an address that bears the name of one of them.

    Of half a name, first or last alone, the same mailbox is needed, and no other
    number: the rest is for review. Where firms are not known and a record has no more than
    that, the same mailbox, number or much the same birthday is needed, and without
    any name the same mailbox or birthday.

    A whole name that many have, or that is a task (Accounts Payable), needs the same
    mailbox, number or birthday, or the firm with nothing that differs. Where a file
    has no firms, homes, birthdays or identifiers, any name needs one of the former. In
    one firm the mailbox is not enough where number and place differ: two offices share it.

    Father and son of whom one alone is marked as such, in one house, are for review,
    and so is one identifier of two first names where nobody has a birthday: it may be
    that of a household. Where neither streets nor birthdays are known, one telephone of
    two first names that are but alike is that of a home, unless firm or mailbox agree.

    Across sources (the setting apart) firms are known by their names alone: a name with a
    slip needs the mailbox, its firm or the number, and a first letter the mailbox.

    Where nobody has mail, a name in a firm is that of namesakes, too: with another
    number, or a name that is not the same to the letter, the pair is for review.

    In a register, where nobody has mail or telephone, only housemates are
    separated: its weights must do.
-#}
{% macro identity_ceiling__persons(entity, pattern) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set p = namespace(found={}) -%}
{%- for name, shows in {
    'first': {'first_name': 'dv'}, 'alike': {'first_name': 's'},
    'slip': {'first_name': 'n', 'last_name': 'n'}, 'last': {'last_name': 'dv'},
    'generation': {'generation': 'd'}, 'one_generation': {'generation': 'o'},
    'known': {'identifier': 'en', 'hash': 'en'}, 'crowd': {'generation': 'q'},
    'no_first': {'first_name': '-'}, 'no_last': {'last_name': '-'},
    'mail': {'email': 'egbnm'}, 'same_mail': {'email': 'egbm'}, 'one_mail': {'email': 'egb'}, 'bears': {'email': 'b'}, 'numbered': {'email': 'u'}, 'namesake': {'email': 'q'},
    'other_mail': {'email': 'do'}, 'far_mail': {'email': 'd'}, 'no_mail': {'email': '-'},
    'initial': {'first_name': 'i'}, 'own_mail': {'email': 'dof'}, 'born': {'date': 'en'}, 'born_apart': {'date': 'd'}, 'born_close': {'date': 'cyw'},
    'born_other': {'date': 'dywc'}, 'phone': {'phone': 'e'},
    'other_phone': {'phone': 'd'}, 'crowd_phone': {'phone': 'h'},
    'alike_last': {'last_name': 's'}, 'house': {'phone': 'eh', 'street': 'en'},
    'firm': {'company': 'en', 'company_id': 'e'},
    'firm_known': {'company': 'ensd', 'company_id': 'ed'},
    'unlike': {'first_name': 'kniv'}, 'other_form': {'first_name': 'ksv'}, 'kept': {'last_name': 'm'}, 'first_same': {'first_name': 'ekni'},
    'swapped': {'first_name': 'x'}, 'written': {'first_name': 'nsxv', 'last_name': 'nsxv'},
    'home': {'street': 'en'}, 'elsewhere': {'city': 'd', 'street': 'd'}, 'other_number': {'phone': 'dh'},
}.items() -%}
    {%- do p.found.update({name: identity.identity_ceiling__shows(fields, pattern, shows)}) -%}
{%- endfor -%}
{%- set f = p.found -%}
{%- do f.update({'last': '(' ~ f.last ~ ' or (' ~ f.kept ~ ' and not ('
    ~ f.firm ~ ' and ' ~ f.first_same ~ ')))'}) -%}
{%- set sure = '(' ~ f.mail ~ ' or ' ~ f.born ~ ')' -%}
{#- a slip away is the mailbox of a colleague with another name -#}
{%- set same = '(' ~ f.same_mail ~ ' or ' ~ f.born ~ ')' -%}
{%- set one_house = '(not ' ~ f.born ~ ' or ' ~ f.house ~ ')' -%}
{%- set rules = [] -%}
{%- if 'generation' in kinds -%}
    {%- do rules.append([f.generation, settings.veto]) -%}
{%- endif -%}
{%- if 'first_name' in kinds or 'last_name' in kinds -%}
    {%- if 'date' not in kinds -%}
        {#- what bears two first names is the number of a household or account -#}
        {%- do rules.append([
            f.known ~ ' and ' ~ f.first ~ ' and not ' ~ f.one_mail,
            identity.identity_ceiling__review(settings)
        ]) -%}
    {%- endif -%}
    {%- do rules.append([f.known, settings.certain]) -%}
    {%- if 'email' in kinds or 'phone' in kinds -%}
        {%- do rules.append([
            f.first ~ ' and ' ~ f.last ~ ' and not ('
            ~ f.same_mail ~ ' and ' ~ f.born ~ ')', settings.veto
        ]) -%}
        {%- do rules.append([
            f.last ~ ' and not (' ~ f.one_mail ~ ' or ' ~ f.born ~ ' or ' ~ f.phone ~ ')',
            settings.veto
        ]) -%}
        {%- if 'first_name' not in kinds or 'last_name' not in kinds -%}
            {#- half a name is that of many colleagues, or of a family -#}
            {%- do rules.append([
                'not (' ~ sure ~ ' or ' ~ f.phone ~ ') or ' ~ f.first ~ ' or ' ~ f.last,
                settings.veto
            ]) -%}
            {%- do rules.append([
                'not ' ~ f.same_mail ~ ' or ' ~ f.written ~ ' or ' ~ f.other_phone,
                identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- if 'first_name' in kinds and 'last_name' in kinds -%}
            {#- so is a record with no more than half a name -#}
            {%- do rules.append([
                '(' ~ f.no_first ~ ' or ' ~ f.no_last ~ ') and (' ~ f.last ~ ' or '
                ~ f.first ~ ') and not ' ~ same, settings.veto
            ]) -%}
            {%- do rules.append([
                f.no_first ~ ' and ' ~ f.no_last ~ ' and not ' ~ sure,
                identity.identity_ceiling__review(settings)
            ]) -%}
            {%- do rules.append([
                '(' ~ f.no_first ~ ' or ' ~ f.no_last ~ ') and not (' ~ sure ~ ' or '
                ~ f.born_close ~ ' or ' ~ f.phone ~ ' or ' ~ f.firm_known ~ ')',
                identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- if kinds | select('in', ['company', 'company_id', 'date', 'street',
            'identifier', 'hash']) | list == [] -%}
            {#- name and town are all that is left of somebody who moved -#}
            {%- do rules.append([
                'not (' ~ f.mail ~ ' or ' ~ f.phone ~ ') and (' ~ f.other_mail ~ ' or '
                ~ f.other_number ~ ')', identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {#- Accounts Payable, or a name of ten firms -#}
        {%- do rules.append([
            f.crowd ~ ' and not (' ~ f.one_mail ~ ' or ' ~ f.born ~ ' or ' ~ f.phone ~ ') and (not ' ~ f.firm
            ~ ' or ' ~ f.elsewhere ~ ' or ' ~ f.other_mail ~ ' or ' ~ f.other_number ~ ')',
            identity.identity_ceiling__review(settings)
        ]) -%}
        {#- one task in two offices of a firm, which share its mailbox -#}
        {%- do rules.append([
            f.crowd ~ ' and ' ~ f.one_mail ~ ' and ' ~ f.firm ~ ' and ' ~ f.other_number
            ~ ' and ' ~ f.elsewhere ~ ' and not ' ~ f.born,
            identity.identity_ceiling__review(settings)
        ]) -%}
        {#- father and son of whom only one is marked -#}
        {%- do rules.append([
            f.one_generation ~ ' and ' ~ f.house ~ ' and not (' ~ same ~ ') and ('
            ~ f.other_mail ~ ' or ' ~ f.other_number ~ ')',
            identity.identity_ceiling__review(settings)
        ]) -%}
        {%- do rules.append([f.numbered ~ ' and not ' ~ f.born, settings.veto]) -%}
        {%- do rules.append([
            f.namesake ~ ' and not (' ~ f.born ~ ' or ' ~ f.phone ~ ')',
            identity.identity_ceiling__review(settings)
        ]) -%}
        {%- do rules.append([
            'not (' ~ sure ~ ' or ' ~ f.phone ~ ') and (('
            ~ '(' ~ f.alike ~ ' or ' ~ f.alike_last ~ ') and ('
            ~ f.other_mail ~ ' or ' ~ f.other_phone ~ ' or ' ~ f.crowd_phone ~ ')) or ('
            ~ f.slip ~ ' and ' ~ f.other_mail ~ ' and ' ~ f.other_phone
            ~ ' and not (' ~ f.firm ~ ' or ' ~ f.house ~ ')))', settings.veto
        ]) -%}
        {%- if 'email' not in kinds or 'company' not in kinds -%}
            {%- do rules.append([
                f.swapped ~ ' and not (' ~ sure ~ ' or ' ~ f.phone ~ ') and ('
                ~ f.other_mail ~ ' or ' ~ f.other_number ~ ')',
                identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- if settings.apart and 'company' in kinds -%}
            {#- across sources firms of one name are not one firm, and a first letter is
                that of many #}
            {%- do rules.append([
                '(' ~ f.slip ~ ' or ' ~ f.alike ~ ' or ' ~ f.alike_last ~ ') and '
                ~ f.far_mail ~ ' and ' ~ f.other_phone ~ ' and not (' ~ f.born ~ ' or '
                ~ f.home ~ ')', identity.identity_ceiling__review(settings)
            ]) -%}
            {%- do rules.append([
                f.initial ~ ' and ' ~ f.no_mail ~ ' and not (' ~ f.born ~ ' or ' ~ f.home
                ~ ')', identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- if 'date' not in kinds and 'street' not in kinds -%}
            {#- of one telephone, where nobody has a street -#}
            {%- do rules.append([
                f.other_form ~ ' and ' ~ f.phone ~ ' and ' ~ f.own_mail ~ ' and not '
                ~ f.firm,
                identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- if 'date' not in kinds -%}
            {#- brothers and sisters: Hanna, Johanna; Maria, Marina -#}
            {%- do rules.append([
                '(' ~ f.unlike ~ ' or ' ~ f.alike ~ ') and ' ~ f.home ~ ' and not ('
                ~ f.mail ~ ' or ' ~ f.firm ~ ')',
                identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- if 'email' not in kinds -%}
            {%- do rules.append([
                'not (' ~ f.born ~ ' or ' ~ f.phone ~ ') and (' ~ f.alike ~ ' or '
                ~ f.alike_last ~ ' or ' ~ f.written ~ ' and ' ~ f.other_number ~ ' or '
                ~ f.other_phone ~ ' and (' ~ f.firm ~ ' or not ' ~ f.home ~ '))',
                identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
        {%- do rules.append([
            f.alike ~ ' and ' ~ f.other_phone ~ ' and not (' ~ same ~ ' or '
            ~ f.house ~ ' or ' ~ f.firm ~ ')', settings.veto
        ]) -%}
        {%- do rules.append([
            f.first ~ ' and not ' ~ f.same_mail ~ ' and ' ~ one_house, settings.veto
        ]) -%}
        {%- do rules.append([
            f.alike ~ ' and ' ~ f.born ~ ' and ' ~ f.house ~ ' and ' ~ f.other_mail,
            settings.veto
        ]) -%}
        {%- do rules.append([
            '(' ~ f.alike ~ ' or ' ~ f.unlike ~ ') and ' ~ f.born_other ~ ' and '
            ~ f.house ~ ' and not ' ~ f.same_mail, settings.veto
        ]) -%}
        {%- do rules.append([
            f.born_apart ~ ' and (' ~ f.house ~ ' or ' ~ f.firm ~ ') and not '
            ~ f.same_mail, identity.identity_ceiling__review(settings)
        ]) -%}
        {%- if settings.one_mailbox != 'merge' -%}
            {%- do rules.append([
                f.first ~ ' and ' ~ f.mail ~ ' and ' ~ one_house ~ ' and not ('
                ~ f.bears ~ ' and ' ~ f.firm ~ ')', identity.identity_ceiling__review(settings)
            ]) -%}
            {%- do rules.append([
                f.alike ~ ' and ' ~ f.mail ~ ' and ' ~ f.house ~ ' and not ('
                ~ f.born ~ ' or ' ~ f.firm ~ ')', identity.identity_ceiling__review(settings)
            ]) -%}
        {%- endif -%}
    {%- else -%}
        {%- do rules.append([f.first ~ ' and ' ~ f.house, settings.veto]) -%}
    {%- endif -%}
{%- endif -%}
{{ return(rules) }}
{%- endmacro %}


{#-
    Companies of one domain are one where their names agree and their towns do
    not differ; others may be branches, for review unless the setting branches
    is `merge`. Without a domain in common another name or country means two, and
    so does another domain beside another town or a name that is but similar. Of
    another town without a domain, street or number in common, of another street
    with another name or number, or with another number in their name (Fund I,
    Fund II) they are for review as well, and where no domains are known those with
    mailboxes of two persons.
-#}
{% macro identity_ceiling__firms(entity, pattern) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set rules = [] -%}
{%- if 'company' in kinds and 'last_name' not in kinds and 'first_name' not in kinds -%}
    {%- set p = namespace(found={}) -%}
    {%- for name, shows in {
        'site': {'domain': 'eh'}, 'other_site': {'domain': 'd'},
        'branch': {'company': 'dsu', 'city': 'ds', 'region': 'd', 'country': 'd'},
        'other': {'company': 'd', 'country': 'd', 'region': 'd'},
        'other_number_in_name': {'company': 'u'}, 'like_name': {'company': 'ds'},
        'elsewhere': {'city': 'd', 'region': 'd', 'country': 'd'},
        'reached': {'phone': 'en', 'street': 'ens'},
        'other_street': {'street': 'd'}, 'other_number': {'phone': 'd'},
        'other_mail': {'email': 'dou'},
    }.items() -%}
        {%- do p.found.update({name: identity.identity_ceiling__shows(fields, pattern, shows)}) -%}
    {%- endfor -%}
    {%- set f = p.found -%}
    {%- set review = identity.identity_ceiling__review(settings) -%}
    {%- set apart = [] -%}
    {%- if 'domain' in kinds -%}
        {%- do apart.append(f.site ~ ' and ' ~ f.branch) -%}
        {%- do rules.append([
            'not ' ~ f.site ~ ' and (' ~ f.other ~ ' or (' ~ f.other_site ~ ' and '
            ~ f.branch ~ '))', settings.veto
        ]) -%}
    {%- else -%}
        {%- do apart.append(f.other_mail) -%}
    {%- endif -%}
    {%- do apart.append(f.other_number_in_name) -%}
    {%- do apart.append(f.elsewhere ~ ' and not ' ~ f.reached) -%}
    {%- do apart.append(f.other_street ~ ' and (' ~ f.like_name ~ ' or '
        ~ f.other_number ~ ')') -%}
    {%- if settings.branches != 'merge' -%}
        {%- do rules.append(['(' ~ apart | join(') or (') ~ ')', review]) -%}
    {%- endif -%}
{%- endif -%}
{{ return(rules) }}
{%- endmacro %}


{#- Whether one of the two has no name, and both have the mailbox of one person. -#}
{% macro identity_ceiling__mailbox_alone(entity, pattern='pattern') -%}
{%- set fields = identity.identity_fields(entity) -%}
{{ identity.identity_ceiling__shows(fields, pattern, {'first_name': '-'}) }}
            and {{ identity.identity_ceiling__shows(fields, pattern, {'last_name': '-'}) }}
            and {{ identity.identity_ceiling__shows(fields, pattern, {'email': 'egb'}) }}
{%- endmacro %}


{#- Whether a field of a kind shows one of the letters given for the kind. -#}
{% macro identity_ceiling__shows(fields, pattern, letters) -%}
{%- set found = [] -%}
{%- for field in fields if field.kind in letters -%}
    {%- do found.append('substr(' ~ pattern ~ ', ' ~ field.position
        ~ ", 1) in ('" ~ letters[field.kind] | list | join("', '") ~ "')") -%}
{%- endfor -%}
{{ return('(' ~ (found | join(' or ') if found else '1 = 0') ~ ')') }}
{%- endmacro %}


{#- The most that a pair may weigh that is left to a person. -#}
{% macro identity_ceiling__review(settings) -%}
    {{ return([settings.review, settings.threshold - 1] | min) }}
{%- endmacro %}


{#-
    From which weight on a pair is merged, by the letters of its pattern. Where
    names are all that agrees, strangers of one name and people who changed firm,
    mailbox and number look alike: a pair needs `name_alone`. What many share,
    such as a country, counts as nothing, and so do firms whose names are alike.
    Where three of mailbox, number, firm, birthday and home differ, no weight is
    enough. Fewer records than `few_records` do not show how rare a name is: there
    two that differ suffice.
-#}
{% macro identity_ceiling__sure_from(entity, records, pattern='pattern') -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set shared = ['first_name', 'last_name', 'generation', 'country', 'region',
    'category', 'text'] -%}
{%- if 'first_name' in kinds or 'last_name' in kinds -%}
case
    when
        substr({{ pattern }}, 1, 1) <> '-'
        {%- for field in fields if field.kind not in shared %}
        or substr({{ pattern }}, {{ field.position }}, 1) not in (
            '-', 'd', 'o' {{- ", 's'" if field.kind == 'company' }}
        )
        {%- endfor %}
        then {{ settings.threshold }}
    {%- set differing = identity.identity_ceiling__differing(fields, pattern) %}
    {%- if differing | length > 2 %}
    when
        {{ differing | join('\n        + ') }}
        >= case
            when (select count(*) from {{ records }}) < {{ settings.few_records }} then 2
            else 3
        end
        then {{ settings.certain }}
    {%- endif %}
    else {{ settings.name_alone }}
end
{%- elif settings.firm_alone and 'company' in kinds -%}
case
    when
        {%- for field in fields
            if field.kind not in shared + ['company', 'company_id'] %}
        {{ 'and ' if not loop.first }}substr({{ pattern }}, {{ field.position }}, 1) in ('-', 'd', 'o')
        {%- endfor %}
        then {{ settings.firm_alone }}
    else {{ settings.threshold }}
end
{%- else -%}
{{ settings.threshold }}
{%- endif -%}
{%- endmacro %}


{#- For each thing that two persons of one name may have of their own, 1 where the
    records differ in it and else 0. -#}
{% macro identity_ceiling__differing(fields, pattern) -%}
{%- set differing = [] -%}
{%- for kinds in [['email'], ['phone'], ['company', 'company_id'], ['date'],
    ['street', 'postcode', 'city']] -%}
    {%- set shows = {} -%}
    {%- for kind in kinds if kind in fields | map(attribute='kind') -%}
        {%- do shows.update({kind: 'do' if kind == 'email' else 'd'}) -%}
    {%- endfor -%}
    {%- if shows -%}
        {%- do differing.append('case when '
            ~ identity.identity_ceiling__shows(fields, pattern, shows)
            ~ ' then 1 else 0 end') -%}
    {%- endif -%}
{%- endfor -%}
{{ return(differing) }}
{%- endmacro %}
