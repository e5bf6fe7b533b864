{#-
    What exports write where a value is missing, in lower case. Runs of dashes
    and underscores count too and need no entry. "unknown" is not here: it is
    a word of the source, and its synonyms seed decides what it means.
-#}
{% macro missing_markers() -%}
    {{ return(var('cleaning', {}).get('missing_markers', [
        '', 'null', 'none', 'nil', 'nan', 'na', 'nat',
        'n/a', 'n.a.', 'n.a', 'n/d', '#n/a', '#n/d', '#null!', '#value!',
        '#ref!', '#name?', '#div/0!', '#num!', '#nv', '#bezug!', '#wert!',
        '#zahl!', '#nom?', '#valeur!', '#nombre!', '#¡ref!', '#¡valor!',
        '#¡div/0!', '#¡num!', '#¿nombre?', '#spill!', '#calc!', '#error!',
        '####', '#####', '######', '#######', '########', '#########',
        '##########', '<na>', '<null>', '<none>', '(null)',
        '(none)', '(blank)', '(empty)', '[null]', '[none]', '?', '??', '???',
        '\\n', '.', '..', '...', '*', '[not provided]', '[unknown]',
        'not available', 'not applicable', 'not provided'
    ])) }}
{%- endmacro %}
