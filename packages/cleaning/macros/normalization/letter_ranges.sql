{#-
    Letters, marks and digits outside ASCII that a domain may have, as ranges for
    a GLOB set or a regular expression: the scripts of Europe, the Middle East,
    India, South-East Asia and East Asia. Latin, Greek and Cyrillic letters are
    those that lower_text leaves.
-#}
{% macro letter_ranges() -%}
    {{ return(
        'ß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĳĵķĸĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧ'
        ~ 'ũūŭůűųŵŷźżžș-ț·ƀ-ɏɐ-ʯʹ-ˁ\u0300-\u036fά-ώϗ-Ͽа-џѠ-ԯա-ևא-תؠ-ٟٮ-ۓۺ-ۿ'
        ~ 'ܐ-\u074aऀ-ॣ०-९ঀ-෿ก-\u0e4e๐-๙ກ-ໟༀ-༘ཀ-྄က-၉ა-ჺჽ-ჿሀ-ፚក-\u17d3០-៩'
        ~ 'Ḁ-ỿἀ-ῼぁ-ゖ\u3099\u309aゝゞァ-ヺー-ヾ㐀-䶿一-鿿ꀀ-ꒌ가-힣'
    ) }}
{%- endmacro %}


{#- What a mailbox may have outside ASCII: all but controls, blanks of any sort
    and what is not seen. -#}
{% macro mailbox_ranges() -%}
    {{ return(
        '\u00a1-\u00ac\u00ae-\u05ff\u0606-\u061b\u061d-\u06dc\u06de-\u070e'
        ~ '\u0710-\u167f\u1681-\u180d\u180f-\u1fff\u2010-\u2027\u2030-\u205e'
        ~ '\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff01-\uffef'
        ~ '\U00010000-\U000e0000'
    ) }}
{%- endmacro %}
