{#- What identifies the records of a table that takes the files of many systems:
      key         their identifier from staging on
      id          column that has it, where a system gives one
      ids         further identifiers, which are scoped as well
      apart       condition that separates a refund from the payment with its identifier
      signed      without an identifier: the amount whose minus marks a refund of a
                  record, and what separates refunds
      identified_by without an identifier: what separates it from others of its file;
                  of equal ones their order does
      clocks      time columns: the columns with their time of day and zone
      zoned       time columns whose zone may be named beside them or behind them
      signs       money columns, of which the first with a sign shows the currency
      currencies  money columns in another currency than `currency`, where one is given
      group       rows that belong together, of which only the first may have the
                  values of `carried` -#}
{% macro record_settings(source_name, table_name) -%}
{%- set defaults = {
    'ids': [], 'identified_by': [], 'clocks': {}, 'zoned': [], 'signs': ['amount'],
    'currencies': {}, 'apart': none, 'signed': none, 'group': [], 'carried': [],
} -%}
{%- set known = {
    'order_lines': {
        'key': 'line_key', 'id': 'line_id',
        'ids': ['order_id', 'customer_id', 'product_id'],
        'identified_by': ['row_kind', 'kind', 'order_group', 'sku', 'product'],
        'signed': ['order_total', 'ordered_at'],
        'zoned': ['ordered_at'],
        'clocks': {'ordered_at': ['order_time', 'zone']},
        'signs': ['order_total', 'line_amount', 'gross_amount', 'unit_price'],
        'group': ['order_number', 'order_id'],
        'carried': ['order_id', 'currency', 'ordered_at', 'status',
            'payment_status', 'customer_id', 'email', 'customer_name', 'country',
            'channel', 'paid_at', 'cancelled_at'],
    },
    'payments': {
        'key': 'payment_key', 'id': 'payment_id',
        'ids': ['order_id', 'invoice_id', 'reference', 'customer_id', 'payout_id'],
        'identified_by': ['order_id', 'order_number', 'document_number', 'kind',
            'created_at', 'method',
            'customer_name', 'description', 'amount'],
        'zoned': ['created_at'],
        'clocks': {'created_at': ['created_time', 'zone']},
        'apart': "given_kind = 'Refund'",
        'currencies': {'converted_amount': 'converted_currency',
            'converted_refunded': 'converted_currency',
            'fee': 'converted_currency'},
    },
    'balance_entries': {
        'key': 'entry_key', 'id': 'entry_id',
        'ids': ['payout_id', 'source_id', 'payment_id', 'order_id', 'customer_id'],
        'identified_by': ['payout_id', 'order_id', 'kind', 'detail', 'sku', 'created_at',
            'amount', 'description'],
        'signs': ['amount', 'total'], 'zoned': ['created_at'],
        'group': ['payout_id'], 'carried': ['currency'],
    },
    'deal_lines': {
        'key': 'line_key', 'id': 'line_id', 'ids': ['deal_id', 'product_id'],
        'signs': ['line_amount'],
    },
    'subscriptions': {
        'key': 'subscription_key', 'id': 'subscription_id', 'ids': ['customer_id'],
    },
    'customers': {
        'key': 'customer_key', 'id': 'customer_id', 'signs': ['total_spent'],
        'identified_by': ['email', 'full_name', 'first_name', 'last_name', 'phone'],
    },
    'products': {
        'key': 'product_key', 'id': 'variant_id', 'ids': ['product_id'],
        'signs': ['price'], 'identified_by': ['product_id', 'sku', 'variant'],
    },
    'form_leads': {
        'key': 'lead_key', 'id': 'lead_id', 'signs': [],
        'ids': ['form_id', 'campaign_id', 'ad_group_id', 'ad_id'],
        'identified_by': ['submitted_at', 'email', 'phone', 'full_name', 'form'],
    },
    'campaigns': {
        'key': 'campaign_key', 'id': 'campaign_id',
        'ids': ['parent_id', 'owner_id'], 'signs': ['budget', 'cost'],
    },
    'list_members': {
        'key': 'member_key', 'id': 'member_id', 'ids': ['company_id'], 'signs': [],
        'identified_by': ['email', 'full_name', 'first_name', 'last_name', 'company',
            'linkedin'],
    },
} -%}
  {{ return(dict(defaults, **known[table_name])) }}
{%- endmacro %}
