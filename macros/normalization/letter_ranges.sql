{#-
    Letters outside ASCII as ranges for a GLOB set: Latin, Greek, Cyrillic,
    Hebrew, Arabic, Devanagari, Thai, kana, Chinese characters and Hangul, in
    lower case where there is one.
-#}
{% macro letter_ranges() -%}
    {{ return(
        'ß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĳĵķĸĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧ'
        ~ 'ũūŭůűųŵŷźżžșțά-ώа-џґא-תؠ-يऄ-हा-्ก-ะぁ-ゖァ-ヺー一-鿿가-힣'
    ) }}
{%- endmacro %}
