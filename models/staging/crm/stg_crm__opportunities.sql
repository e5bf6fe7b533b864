-- Opportunities, cleaned and typed.
-- Grain: one row per record landed from the CRM's opportunity files.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['opportunity_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('crm', 'opportunities') %}
{%- set pipeline = bare_reference('given_pipeline') %}

with

source as (

    {{ written_rows(
        'crm', 'opportunities', ['merged_into'],
        ['merged_ids', 'contact_ids'], {
            'stage_dates': stage_dates('_extra'),
            'lacks_pipeline': file_lacks('crm', 'opportunities', 'pipeline'),
        }
    ) }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_company_id': ['clean_text', 'company_id'],
        'given_contact_id': ['clean_text', 'contact_id'],
        'given_contact_ids': ['clean_text', 'contact_ids'],
        'given_company_name': ['clean_text', 'company_name'],
        'given_contact_name': ['clean_text', 'contact_name'],
        'given_name': ['clean_text', 'name'],
        'given_stage': ['clean_text', 'stage'],
        'given_product': ['clean_text', 'product'],
        'given_forecast_category': ['clean_text', 'forecast_category'],
        'given_amount': ['clean_text', 'amount'],
        'given_currency': ['clean_text', 'currency'],
        'given_status': ['clean_text', 'status'],
        'given_stage_type': ['clean_text', 'stage_type'],
        'given_probability': ['clean_text', 'probability'],
        'given_is_closed': ['clean_text', 'is_closed'],
        'given_is_won': ['clean_text', 'is_won'],
        'given_owner': ['clean_text', 'owner'],
        'given_owner_name': ['clean_text', 'owner_name'],
        'given_pipeline': ['clean_text', 'pipeline'],
        'given_lead_source': ['clean_text', 'lead_source'],
        'given_campaign': ['clean_text', 'campaign'],
        'given_lost_reason': ['clean_text', 'lost_reason'],
        'given_base_amount': ['clean_text', 'base_amount'],
        'given_base_currency': ['clean_text', 'base_currency'],
        '_base_decimals': 'coalesce('
            ~ currency_decimals('upper(trim(base_currency))') ~ ', 2)',
        'given_created_date': ['clean_text', 'created_date'],
        'given_close_date': ['clean_text', 'close_date'],
        'given_won_date': ['clean_text', 'won_date'],
        'given_lost_date': ['clean_text', 'lost_date'],
        'given_closed_date': ['clean_text', 'closed_date'],
        'given_is_deleted': ['clean_text', 'is_deleted'],
        'given_merged_into': ['clean_text', 'merged_into'],
        'given_merged_ids': ['clean_text', 'merged_ids'],
    }, **given_business_time('crm', 'opportunities')), [
        written_columns(), 'stage_dates', 'lacks_pipeline'
    ]) }}

),

typed as (

    {{ cleaning.read_columns('given', dict({
        'amount_cents': [
            'parse_cents', 'given_amount', written.decimal_mark
        ],
        'row_currency': currency_code('given_currency', "'XXX'"),
        'amount_currency': amount_currency('given_amount', '_currency'),
        'base_amount_minor': [
            'parse_minor', 'given_base_amount', '_base_decimals',
            written.decimal_mark,
        ],
        'base_currency_code': currency_code('given_base_currency'),
        'probability': ['parse_number', 'given_probability'],
        'is_marked_closed': ['parse_boolean', 'given_is_closed'],
        'is_marked_won': ['parse_boolean', 'given_is_won'],
        'is_deleted': ['parse_boolean', 'given_is_deleted'],
        'stage_end': deal_status('given_stage_type'),
        'created_at': [
            'parse_timestamp', 'given_created_date',
            written.time_zone, written.date_order,
        ],
        'expected_date': ['parse_date', 'given_close_date', written.date_order],
        'won_date': ['parse_date', 'given_won_date', written.date_order],
        'lost_date': ['parse_date', 'given_lost_date', written.date_order],
        'closed_date': ['parse_date', 'given_closed_date', written.date_order],
        '_changed_at': business_time('crm', 'opportunities'),
    }, **owner_columns())) }}

),

final as (

    select
        ---------- ids
        {{ kept_id('given_id') }} as opportunity_id,
        {{ linked_id('given_company_id', 'given_company_name') }}
            as source_company_id,
        {{ linked_id(
            'coalesce(given_contact_id, '
            ~ cleaning.text_before('given_contact_ids', ';') ~ ')',
            'given_contact_name'
        ) }}
            as source_contact_id,
        given_contact_ids as contact_ids,
        {{ named_reference('owner_given') }} as source_owner,
        {{ named_reference('given_campaign') }} as source_campaign,
        case
            when not lacks_pipeline then coalesce(
                {{ named_reference('given_pipeline') }},
                {{ pipeline_reference('_scope', 'null') }}
            )
        end as pipeline_key,
        _scope as id_scope,

        ---------- text
        {{ bare_reference('owner_shown') }} as owner,
        is_owner_former,
        given_name as opportunity_name,
        given_lost_reason as lost_reason,

        ---------- codes, as delivered
        {{ stage_without_pipeline('given_stage', pipeline) }} as source_stage,
        given_product as source_product,
        given_forecast_category as source_forecast_category,
        given_status as source_status,
        {{ pipeline }} as source_pipeline,
        given_lead_source as source_lead_source,
        {{ bare_reference('given_campaign') }} as campaign,

        ---------- measures
        amount_cents,
        given_amount,
        row_currency,
        amount_currency,
        base_amount_minor,
        base_currency_code,
        probability,
        coalesce(is_marked_closed, stage_end <> 'open') as is_marked_closed,
        coalesce(is_marked_won, stage_end = 'won', case
            when _is_system = 1 and is_marked_closed
                then case probability when 100 then true when 0 then false end
        end) as is_marked_won,

        ---------- deleted and merged
        coalesce(is_deleted, case
            when {{ cleaning.code_key('given_status') }} in (
                'deleted', 'gelöscht', 'supprimé', 'eliminado', 'verwijderd'
            )
                then true
        end) as is_deleted,
        {{ kept_id('given_merged_into') }} as merged_into,
        given_merged_ids as merged_ids,

        ---------- timestamps
        stage_dates,
        created_at,
        coalesce(won_date, lost_date, closed_date, expected_date) as close_date,
        expected_date as expected_close_date,
        coalesce(won_date, lost_date, closed_date) as ended_date,

        ---------- quality and lineage
        {{ row_findings(required_findings(
            'crm', 'opportunities', where='_is_system = 0'
        ) + [
            ['number_unreadable', 'amount',
                unreadable_amount('amount', 'amount_cents')],
            ['amount_negative', 'amount', 'amount_cents < 0'],
            ['currency_other', 'amount', foreign_currency('given_amount', written.currency)],
            ['currency_unknown', 'currency',
                unreadable('currency', "nullif(row_currency, 'XXX')")],
            ['amount_ambiguous', 'amount',
                cleaning.amount_ambiguous('given_amount', written.decimal_mark),
                as_delivered('amount')],
            ['number_unreadable', 'base_amount',
                unreadable('base_amount', 'base_amount_minor')],
            ['currency_unknown', 'base_currency',
                unreadable('base_currency', 'base_currency_code')],
            ['number_unreadable', 'probability',
                unreadable('probability', 'probability')],
            ['probability_out_of_range', 'probability',
                'probability not between 0 and 100'],
            ['boolean_unreadable', 'is_closed',
                unreadable('is_closed', 'is_marked_closed')],
            ['date_unreadable', 'created_date',
                unreadable_date('created_date', 'created_at')],
            ['date_in_future', 'created_date', in_future('created_at')],
            ['date_unreadable', 'close_date',
                unreadable_date('close_date', 'expected_date')],
            ['closed_in_future', 'close_date',
                'is_marked_closed and ' ~ in_future('expected_date')],
            ['closed_before_created', 'close_date',
                'coalesce(won_date, lost_date, closed_date, expected_date)'
                ~ ' < substr(created_at, 1, 10)'],
            ['date_unreadable', 'won_date',
                unreadable_date('won_date', 'won_date')],
            ['date_unreadable', 'lost_date',
                unreadable_date('lost_date', 'lost_date')],
            ['date_unreadable', 'closed_date',
                unreadable_date('closed_date', 'closed_date')],
        ] + written_findings(
            'crm', 'opportunities', ['merged_into'],
            'id, contact_id, company_id, merged_into, created_date, '
            ~ 'close_date, won_date, lost_date, closed_date, amount'
        )) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
