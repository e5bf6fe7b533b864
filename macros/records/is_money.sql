{#- The condition that a payment moved money: it did not fail, was taken and not only
    authorised, is no test, no memo, and no document such as an invoice. -#}
{% macro is_money(kind, status, impact, mode, is_captured) -%}
{%- set failed = [
    'failed', 'failure', 'error', 'canceled', 'cancelled', 'denied', 'expired',
    'voided', 'void', 'pending', 'requires_action', 'requires_payment_method',
    'requires_confirmation', 'requires_capture', 'uncaptured', 'incomplete',
    'processing', 'declined', 'blocked', 'unclaimed', 'placed', 'abgelehnt',
    'ausstehend', 'fehlgeschlagen', 'storniert', 'offen', 'abgelaufen',
    'verweigert', 'en attente', 'annulé', 'refusé', 'pendiente', 'cancelado',
] -%}
{%- set documents = [
    'invoice', 'bill', 'estimate', 'credit memo', 'purchase order',
    'journal entry', 'vendor credit', 'statement', 'quote', 'rechnung',
    'angebot', 'gutschrift', 'sales order', 'charge', 'time activity',
] -%}
{%- set lower = cleaning.lower_text -%}
not (
            {{ kind_says(kind, 'authorisation') }}
            or coalesce({{ lower(kind) }}, '') in ('{{ documents | join("', '") }}')
            or coalesce({{ lower(status) }}, '') in ('{{ failed | join("', '") }}')
            or coalesce({{ lower(impact) }}, '') in ('memo', 'mémo', 'vermerk', 'nota')
            or coalesce({{ lower(mode) }}, '') = 'test'
            or coalesce(not {{ is_captured }}, false)
        )
{%- endmacro %}
