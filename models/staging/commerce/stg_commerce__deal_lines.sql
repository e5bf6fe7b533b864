{{ config(indexes=[{'columns': ['_row_id'], 'unique': true}]) }}
{{ staged_records('commerce', 'deal_lines') }}
