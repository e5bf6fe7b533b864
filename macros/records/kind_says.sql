{#- The condition that the kind of a payment, in lower case but in the words of its
    system, is a refund, a chargeback, a fee, a transfer between own accounts, or an
    authorisation. -#}
{% macro kind_says(kind, what) -%}
{%- set words = {
    'refund': ['refund', 'rückzahlung', 'rückerstattung', 'remboursement', 'reembolso'],
    'credit': ['accreccredit', 'credit note', 'credit memo', 'gutschrift', 'avoir',
        'nota de crédito', 'stornorechnung'],
    'payout': ['withdrawal', 'payout', 'bank deposit', 'abbuchung',
        'virement bancaire', 'retiro'],
    'chargeback': ['chargeback', 'dispute', 'payment reversal', 'rückbuchung',
        'rétrofacturation', 'contracargo'],
    'reversal': ['reversal', 'cancel', 'storn', 'annul', 'anulaci'],
    'fee': [' fee', 'gebühr', ' frais', 'comisión'],
    'transfer': ['withdrawal', 'transfer', 'currency conversion', 'bank deposit',
        'payout', 'abbuchung', 'bankgutschrift', 'währungsumrechnung', 'virement',
        ' hold', 'hold ', 'reserve release', 'payment release'],
    'authorisation': ['authorization', 'authorisation', 'autorisierung',
        'autorisation', 'autorización', 'account hold', 'einbehaltung', 'void'],
}[what] -%}
coalesce(
        {%- for word in words %}
        {{ 'or ' if not loop.first }}{{ kind }} like '%{{ word }}%'
        {%- endfor %}, false
    )
{%- endmacro %}
