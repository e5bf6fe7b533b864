{#- The condition that the kind of a payment, in the words of its system, is a refund,
    a transfer between own accounts, or an authorisation. -#}
{% macro kind_says(kind, what) -%}
{%- set words = {
    'refund': ['refund', 'rückzahlung', 'rückerstattung', 'remboursement', 'reembolso'],
    'credit': ['accreccredit', 'credit note', 'credit memo', 'gutschrift', 'avoir',
        'nota de crédito', 'stornorechnung'],
    'payout': ['withdrawal', 'payout', 'bank deposit', 'abbuchung',
        'virement bancaire', 'retiro'],
    'transfer': ['withdrawal', 'transfer', 'currency conversion', 'bank deposit',
        'payout', 'abbuchung', 'bankgutschrift', 'währungsumrechnung', 'virement'],
    'authorisation': ['authorization', 'authorisation', 'autorisierung',
        'autorisation', 'autorización', 'account hold', 'einbehaltung', 'void'],
}[what] -%}
coalesce(
        {%- for word in words %}
        {{ 'or ' if not loop.first }}{{ cleaning.lower_text(kind) }} like '%{{ word }}%'
        {%- endfor %}, false
    )
{%- endmacro %}
