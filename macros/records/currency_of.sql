{#- The currency that a code, a sign or an amount beside one shows, as its ISO 4217
    code, or NULL. A sign of several currencies means `usual`, the one to be expected,
    if it is one of them, else the dollar or the yen. -#}
{% macro currency_of(x, usual='null') -%}
{{ cleaning.session_function(
    'currency_of', [x, usual], currency_of__shown,
    unless='trim(' ~ x ~ ", '0123456789.-') = ''"
) }}
{%- endmacro %}


{% macro currency_of__shown(x, usual) -%}
{%- set marks = currency_of__marks() -%}
{%- set signs = dict({
    '৳': ['bdt'], '₸': ['kzt'], '₵': ['ghs'], '₾': ['gel'], '₲': ['pyg'],
    'nt$': ['twd'], 'rp': ['idr'], 'rm': ['myr'], 'us dollar': ['usd'],
    'د.إ': ['aed'], '؋': ['afn'], '₼': ['azn'], 'د.ب': ['bhd'], 'د.ج': ['dzd'],
    'ج.م': ['egp'], 'د.ع': ['iqd'], 'ع.د': ['iqd'], 'د.ا': ['jod'],
    'د.أ': ['jod'], 'د.ك': ['kwd'], 'ل.ل': ['lbp'], 'د.ل': ['lyd'],
    'ل.د': ['lyd'], 'د.م': ['mad'], 'ر.ع': ['omr'], 'ر.ق': ['qar'],
    'ر.س': ['sar'], 'ج.س': ['sdg'], 'ل.س': ['syp'], 'د.ت': ['tnd'],
    '៛': ['khr'], '₭': ['lak'], 'රු': ['lkr'], 'сом': ['kgs'], 'ден': ['mkd'],
    '₮': ['mnt'], 'рсд': ['rsd'], 'rd$': ['dop'], 'n$': ['nad'], 't$': ['top'],
    's/': ['pen'], 'b/': ['pab'], 'ksh': ['kes'], 'r': ['zar'], 'zk': ['zmw'],
    'mk': ['mwk'], 'km': ['bam'], 'kz': ['aoa'], 'vt': ['vuv'],
    '₨': ['pkr', 'inr', 'lkr', 'npr', 'mur', 'scr'],
}, **cleaning.currencies_by_sign()) -%}
case
        when {{ x }} is null or trim({{ x }}, '0123456789.-') = '' then null
        when length({{ x }}) = 3 and trim(
            upper({{ x }}), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
        ) = ''
            then upper({{ x }})
        else
            case trim(lower({{ x }}), '{{ marks }}''')
                {%- for sign, codes in signs.items() %}
                {%- if codes | length == 1 %}
                when '{{ sign }}' then '{{ codes[0] | upper }}'
                {%- else %}
                when '{{ sign }}'
                    then case
                        when {{ usual }} in (
                            '{{ codes | join("', '") | upper }}'
                        ) then {{ usual }}
                        when '{{ sign }}' in ('$', '¥', '￥')
                            then '{{ codes[0] | upper }}'
                    end
                {%- endif %}
                {%- endfor %}
            end
    end
{%- endmacro %}


{#- What can stand around a sign: digits and marks, as the inside of a literal. The
    last two decide on the direction of writing. -#}
{% macro currency_of__marks() -%}
0123456789.,:()+- {{ '\u00a0\u202f\u2009' }}’−–—*{{ '\u200e\u200f' }}
{%- endmacro %}
