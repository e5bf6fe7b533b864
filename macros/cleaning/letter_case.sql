{#-
    Letters outside ASCII that lower() and upper() of SQLite leave alone, as
    pairs of strings with the same letter at the same place: Latin-1, Latin
    Extended-A and the commas below of Romanian, Greek, Cyrillic.
-#}
{% macro letter_case(kind) -%}
    {{ return({
        'upper': (
            'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŸĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶ'
            ~ 'ĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŹŻŽȘȚΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟ'
            ~ 'ΠΡΣΤΥΦΧΨΩΪΫЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮ'
            ~ 'ЯҐ'
        ),
        'lower': (
            'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķ'
            ~ 'ĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžșțάέήίόύώαβγδεζηθικλμνξο'
            ~ 'πρστυφχψωϊϋѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэю'
            ~ 'яґ'
        ),
    }[kind]) }}
{%- endmacro %}
