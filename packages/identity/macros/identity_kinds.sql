{#-
    The kinds of fields, and for each
      levels   letters of what a comparison can find, and how often records of
               one person are expected to show it: where the data have few
               pairs to learn from, this is what counts
      moves    whether it changes with the employer or the home
      personal whether colleagues and relatives agree in it no more often than
               strangers do
      one_in   how many records it takes, before the data say it, to find a
               common value twice; NULL where rare values say no more than
               common ones
      within   kinds that imply it: who agrees in one of them agrees here as
               a matter of course

    Letters: e equal, n one slip apart, s similar, v alike but two established
    spellings, d different, k known short form, i initial, x first and last name swapped, h held by several persons,
    m same mailbox elsewhere or the last name of the other's mailbox, o other mailbox of the same firm or a generation
    that only one has, g equal as a
    namesake's might be, b equal with the first name of one, f a slip that follows
    from the name, u mailbox of the same firm with another name or number, y same year, w same day of another year, q other mailbox where two of the name are in the firm, c close to the other date in year, month and day, or to the
    other identifier but for its last digit, a same area; q of a generation that the
    whole name is that of many, u of a company that its number is another.
-#}
{% macro identity_kinds() -%}
    {%- set text = {'e': 75, 'n': 8, 's': 7, 'd': 10} -%}
    {%- set code = {'e': 82, 'n': 9, 'd': 9} -%}
    {%- set word = {'e': 90, 'd': 10} -%}
    {{ return({
        'first_name': {'personal': true, 'one_in': 300, 'levels': {
            'e': 78, 'k': 6, 'n': 5, 'i': 3, 's': 2, 'x': 2, 'v': 1, 'd': 4}},
        'last_name': {'personal': true, 'one_in': 1000, 'levels': {
            'e': 81, 'n': 6, 'i': 1, 's': 2, 'x': 2, 'm': 1, 'v': 1, 'd': 7},
            'fixed': {'x': 0}},
        'full_name': {},
        'generation': {'personal': true, 'levels': {
            'e': 80, 'q': 1, 'o': 18, 'd': 2},
            'fixed': {'e': 0, 'q': 0, 'o': -200, 'd': -1500}},
        'company': {'one_in': 1000, 'levels': {
            'e': 80, 'n': 6, 's': 6, 'u': 1, 'd': 8}},
        'company_id': {'one_in': 1000, 'levels': {'e': 88, 'd': 12}},
        'email': {'moves': true, 'personal': true, 'one_in': 100000, 'levels': {
            'e': 25, 'g': 34, 'b': 1, 'h': 2, 'n': 4, 'f': 1, 'm': 3, 's': 1,
            'o': 1, 'u': 1, 'q': 1, 'd': 30},
            'fixed': {'u': -2000, 'f': 0, 'q': 0}},
        'phone': {'moves': true, 'one_in': 100000, 'levels': {
            'e': 55, 'h': 5, 'n': 3, 'd': 37}},
        'date': {'personal': true, 'one_in': 10000, 'levels': {
            'e': 80, 'n': 9, 'c': 2, 'y': 3, 'w': 2, 'd': 4}},
        'hash': {'personal': true, 'one_in': 100000, 'levels': word},
        'identifier': {'personal': true, 'one_in': 100000, 'levels': {
            'e': 82, 'n': 8, 'c': 1, 'd': 9}},
        'street': {'moves': true, 'one_in': 1000, 'levels': text},
        'house_number': {'moves': true, 'one_in': 100, 'levels': code},
        'city': {'moves': true, 'one_in': 100, 'within': ['postcode'],
            'levels': text},
        'postcode': {'moves': true, 'one_in': 1000, 'levels': {
            'e': 75, 'n': 8, 'a': 7, 'd': 10}},
        'region': {'moves': true, 'one_in': 20, 'within': ['postcode', 'city'],
            'levels': word},
        'country': {'moves': true, 'within': ['postcode', 'city', 'region'],
            'levels': word, 'fixed': {'e': 0}},
        'category': {'one_in': 10, 'levels': word},
        'domain': {'one_in': 10000, 'levels': {'e': 70, 'h': 2, 'd': 28}},
        'text': {'one_in': 1000, 'levels': text},
    }) }}
{%- endmacro %}
