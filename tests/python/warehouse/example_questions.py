"""Questions of the worked examples.

Each group is about one kind of record; a system is asked in turn what its files answer,
in all ten. `{s}` is its folder, by which identifiers are scoped.
"""

from __future__ import annotations

QUESTIONS: dict[str, dict[str, str]] = {
    "deals": {
        "What is in the pipeline, by stage?": """
select deals.source_stage as stage, deals.is_closed, deals.is_won,
    deals.currency_code as currency, count(*) as deals, sum(deals.amount) as amount
from fct_opportunities as deals
where deals.opportunity_id like '{s}:%'
group by deals.source_stage, deals.is_closed, deals.is_won, deals.currency_code
order by deals.source_stage, deals.currency_code
""",
        "What is it worth, weighted by its chances?": """
select currency_code as currency, count(*) as open_deals, sum(amount) as amount,
    round(sum(amount * probability) / 100, 2) as weighted
from fct_opportunities
where opportunity_id like '{s}:%' and is_closed is not true and amount is not null
group by currency_code order by currency_code
""",
        "Which stages are there, in which order, and what do they mean?": """
select stage_id, stage_order, is_closed, is_won, evidence
from dim_deal_stages where stage_id like '{s}:%' order by pipeline_id, stage_order
""",
        "With whom is each deal?": """
select deals.opportunity_name as deal, companies.company_name as company,
    contacts.last_name as contact, deals.amount, deals.currency_code as currency
from fct_opportunities as deals
left join dim_companies as companies on deals.company_id = companies.company_id
left join dim_contacts as contacts on deals.contact_id = contacts.contact_id
where deals.opportunity_id like '{s}:%' order by deals.opportunity_id
""",
        "When should deals close?": """
select substr(close_date, 1, 7) as month, is_closed, count(*) as deals
from fct_opportunities where opportunity_id like '{s}:%'
group by substr(close_date, 1, 7), is_closed order by 1, 2
""",
        "How did deals change from delivery to delivery?": """
select opportunity_id, version_number, source_stage as stage, amount, valid_from
from dim_opportunities_history
where opportunity_id like '{s}:%' order by opportunity_id, version_number limit 5
""",
        "Which line of which file does a deal come from?": """
select files.file_name, bronze._line as line, bronze.stage, bronze.amount
from fct_opportunities as deals
join bronze_crm__opportunities as bronze on bronze._row_id = deals._row_id
join fct_ingest_files as files on files.file_id = deals._file_id
where deals.opportunity_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "lines of deals": {
        "Which products do deals contain?": """
select source_opportunity_id as deal, product_name, quantity,
    currency_code as currency, amount
from fct_opportunity_lines where line_id like '{s}:%' order by line_id
""",
    },
    "owners": {
        "Who owns deals, and are they still there?": """
select owners.owner_name as owner, owners.is_active,
    count(deals.opportunity_id) as deals
from dim_owners as owners
left join fct_opportunities as deals on owners.owner_id = deals.owner_id
where owners.owner_id like '{s}:%'
group by owners.owner_id, owners.owner_name, owners.is_active order by 1
""",
        "Who owns which companies?": """
select owners.owner_name as owner, companies.company_name as company
from dim_owners as owners
join dim_companies_history as companies on owners.owner_id = companies.owner_id
where owners.owner_id like '{s}:%' and companies.is_current order by 1, 2
""",
        "Who owns which contacts?": """
select owners.owner_name as owner, contacts.last_name as contact
from dim_owners as owners
join dim_contacts_history as contacts on owners.owner_id = contacts.owner_id
where owners.owner_id like '{s}:%' and contacts.is_current order by 1, 2
""",
    },
    "companies": {
        "Which companies are there?": """
select records.company_record_id as record, companies.company_name as company,
    companies.domain, companies.country_code as country
from bridge_company_records as records
join dim_companies as companies on records.company_id = companies.company_id
where records.company_record_id like '{s}:%' order by 1
""",
        "Which of them does another system know too?": """
select ours.company_record_id as record, others.company_record_id as other_record
from bridge_company_records as ours
join bridge_company_records as others on ours.company_id = others.company_id
where ours.company_record_id like '{s}:%'
    and others.company_record_id not like '{s}:%' order by 1, 2
""",
        "Which companies have been deleted, and into which were they merged?": """
select company_id, company_name, merged_into
from dim_companies_history
where company_id like '{s}:%' and is_current and is_deleted order by company_id
""",
        "When was each company entered, and in which industry is it?": """
select company_id, substr(created_at, 1, 10) as entered, industry, source_industry
from dim_companies_history
where company_id like '{s}:%' and is_current order by company_id
""",
        "Which line of which file does a company come from?": """
select files.file_name, bronze._line as line, bronze.name
from dim_companies_history as companies
join bronze_crm__companies as bronze on bronze._row_id = companies._row_id
join fct_ingest_files as files on files.file_id = companies._file_id
where companies.company_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "contacts": {
        "Whom do we know, and how are they reached?": """
select records.contact_record_id as record, contacts.first_name, contacts.last_name,
    contacts.email, contacts.phone_e164 as phone
from bridge_contact_records as records
join dim_contacts as contacts on records.contact_id = contacts.contact_id
where records.contact_record_id like '{s}:%' order by 1
""",
        "Where do they work, and as what?": """
select contacts.last_name, contacts.title, companies.company_name as company
from bridge_contact_records as records
join dim_contacts as contacts on records.contact_id = contacts.contact_id
left join dim_companies as companies on contacts.company_id = companies.company_id
where records.contact_record_id like '{s}:%' order by 1
""",
        "Which of them does another system know, too?": """
select ours.contact_record_id as record, others.contact_record_id as other_record
from bridge_contact_records as ours
join bridge_contact_records as others on ours.contact_id = others.contact_id
where ours.contact_record_id like '{s}:%'
    and others.contact_record_id not like '{s}:%' order by 1, 2
""",
        "When was each contact entered, and what is its step?": """
select contact_id, substr(created_at, 1, 10) as entered, source_status as status
from dim_contacts_history
where contact_id like '{s}:%' and is_current order by contact_id
""",
        "Which line of which file does a contact come from?": """
select files.file_name, bronze._line as line, bronze.last_name
from dim_contacts_history as contacts
join bronze_crm__contacts as bronze on bronze._row_id = contacts._row_id
join fct_ingest_files as files on files.file_id = contacts._file_id
where contacts.contact_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "activities": {
        "What was done, and when?": """
select activity_id, source_type as kind, subject, occurred_at
from fct_activities where activity_id like '{s}:%' order by activity_id
""",
        "What came of it?": """
select source_type as kind, source_outcome as outcome, count(*) as activities,
    sum(duration_minutes) as minutes
from fct_activities where activity_id like '{s}:%'
group by source_type, source_outcome order by 1, 2
""",
        "With whom was it?": """
select activities.activity_id, contacts.last_name, activities.source_contact_id
from fct_activities as activities
left join dim_contacts as contacts on activities.contact_id = contacts.contact_id
where activities.activity_id like '{s}:%' order by 1
""",
        "In which month was most done?": """
select substr(occurred_at, 1, 7) as month, count(*) as activities
from fct_activities where activity_id like '{s}:%'
group by substr(occurred_at, 1, 7) order by 2 desc, 1
""",
        "Which line of which file does an activity come from?": """
select files.file_name, bronze._line as line, bronze.subject
from fct_activities as activities
join bronze_crm__activities as bronze on bronze._row_id = activities._row_id
join fct_ingest_files as files on files.file_id = activities._file_id
where activities.activity_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "orders": {
        "What was sold, by currency?": """
select currency_code as currency, count(*) as orders, sum(total_minor) as total_minor
from fct_orders where order_id like '{s}:%' and is_sale
group by currency_code order by currency_code
""",
        "Which orders are in which state?": """
select order_state, is_sale, currency_code as currency, count(*) as orders
from fct_orders where order_id like '{s}:%'
group by order_state, is_sale, currency_code order by 1, 3
""",
        "Which products sell?": """
select coalesce(sku, product_name) as product, sum(quantity) as quantity,
    currency_code as currency, sum(net_minor) as net_minor
from fct_order_lines where line_id like '{s}:%'
    and coalesce(sku, product_name) is not null
group by coalesce(sku, product_name), currency_code order by 4 desc, 1 limit 5
""",
        "What was given back, and how is it known?": """
select order_id, payment_id, refunded_at, evidence, currency_code as currency,
    amount_minor
from fct_refunds where refund_id like '{s}:%' order by refunded_at, refund_id
""",
        "Who ordered, and when?": """
select order_number, ordered_at, coalesce(email, customer_name) as customer
from fct_orders where order_id like '{s}:%' order by ordered_at, order_number limit 5
""",
        "What was ordered in which month?": """
select substr(ordered_at, 1, 7) as month, currency_code as currency,
    count(*) as orders, sum(total_minor) as total_minor
from fct_orders where order_id like '{s}:%' and is_sale
group by substr(ordered_at, 1, 7), currency_code order by 1, 2
""",
        "Which line of which file does an order's line come from?": """
select files.file_name, bronze._line as line, lines.order_id, lines.net_minor
from fct_order_lines as lines
join bronze_commerce__order_lines as bronze on bronze._row_id = lines._row_id
join fct_ingest_files as files on files.file_id = lines._file_id
where lines.line_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "payments": {
        "What was paid and given back, and what is no money?": """
select payment_kind, currency_code as currency, count(*) as records,
    sum(amount_minor) as amount_minor, sum(fee_minor) as fee_minor
from fct_payments where payment_id like '{s}:%'
group by payment_kind, currency_code order by 1, 2
""",
        "Who paid, and when?": """
select payment_id, created_at, coalesce(email, customer_name, customer_id) as customer
from fct_payments where payment_id like '{s}:%' and is_money order by created_at, 1
limit 5
""",
        "For which orders was it?": """
select payment_id, order_number, reference_id, description
from fct_payments where payment_id like '{s}:%' and is_money order by payment_id limit 5
""",
        "How does the system call it, and how is it read?": """
select source_kind, source_status, payment_kind, count(*) as records
from fct_payments where payment_id like '{s}:%'
group by source_kind, source_status, payment_kind order by 1, 2, 3
""",
        "What came in each month?": """
select substr(created_at, 1, 7) as month, currency_code as currency,
    sum(amount_minor) as amount_minor
from fct_payments where payment_id like '{s}:%' and payment_kind = 'payment'
group by substr(created_at, 1, 7), currency_code order by 1, 2
""",
        "Which line of which file does a payment come from?": """
select files.file_name, bronze._line as line, payments.amount_minor
from fct_payments as payments
join bronze_commerce__payments as bronze on bronze._row_id = payments._row_id
join fct_ingest_files as files on files.file_id = payments._file_id
where payments.payment_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "account": {
        "How did the account move?": """
select source_kind as kind, source_detail as detail, currency_code as currency,
    count(*) as entries, sum(amount_minor) as amount_minor
from fct_balance_entries where entry_id like '{s}:%' and not is_payout_total
group by source_kind, source_detail, currency_code order by 1, 2
""",
        "What was paid out, and does it add up?": """
select payout_id, paid_at, currency_code as currency, amount_minor, fees_minor,
    unexplained_minor, evidence
from fct_payouts where payout_id like '{s}:%' order by payout_id
""",
        "When did the account move?": """
select substr(created_at, 1, 7) as month, currency_code as currency,
    count(*) as entries, sum(amount_minor) as amount_minor
from fct_balance_entries where entry_id like '{s}:%' and not is_payout_total
group by substr(created_at, 1, 7), currency_code order by 1, 2
""",
    },
    "subscriptions": {
        "Which subscriptions run?": """
select subscription_id, plan_name, billing_interval, currency_code as currency,
    amount_minor, source_status, canceled_at
from dim_subscriptions where subscription_id like '{s}:%' order by 1
""",
    },
    "money": {
        "Do the sums of each file reach the marts?": """
select file_name, measure, currency_code as currency, file_minor, mart_minor,
    remainder_minor
from rpt_reconciliation
where file_id in (select file_id from fct_ingest_files where instance_name = '{s}')
order by file_id, measure, currency_code limit 8
""",
        "How does recurring revenue move?": """
select mrr_month as month, customer_id, currency_code as currency, change_kind,
    change_minor, closing_minor
from fct_mrr_changes where customer_id like '{s}:%' order by 1, 2, 3 limit 5
""",
    },
    "customers": {
        "Who are the best customers?": """
select customer_key as customer, total_spent_minor, orders_count as orders
from int_shop_customers__versioned
where customer_key like '{s}:%' and row_status = 'current'
    and total_spent_minor > 0 order by total_spent_minor desc, 1 limit 3
""",
        "Which customers does the shop know?": """
select customer_key as customer, coalesce(full_name, last_name) as name, email,
    country, total_spent_minor
from int_shop_customers__versioned
where customer_key like '{s}:%' and row_status = 'current' order by 1
""",
        "In which towns are the customers?": """
select city, country, count(*) as customers
from int_shop_customers__versioned
where customer_key like '{s}:%' and row_status = 'current' and city is not null
group by city, country order by 1
""",
    },
    "products": {
        "What is on offer?": """
select product_key as product, title, variant, sku, price_minor
from int_shop_products__versioned
where product_key like '{s}:%' and row_status = 'current' order by 1
""",
    },
    "CRM leads": {
        "Which leads does the CRM have?": """
select lead_id, coalesce(full_name, first_name || ' ' || last_name, last_name) as name,
    email, company_name as company
from fct_leads where lead_id like '{s}:%' and kind = 'crm_lead' order by lead_id
""",
        "Which of them are open, and where do they come from?": """
select lead_source, source_status as status, is_converted, count(*) as leads
from fct_leads where lead_id like '{s}:%' and kind = 'crm_lead'
group by lead_source, source_status, is_converted order by 1, 2
""",
        "Which line of which file does a lead come from?": """
select files.file_name, bronze._line as line, bronze.last_name
from fct_leads as leads
join bronze_crm__leads as bronze on bronze._row_id = leads._row_id
join fct_ingest_files as files on files.file_id = leads._file_id
where leads.lead_id like '{s}:%' and leads.kind = 'crm_lead'
order by files.file_id, line limit 1
""",
    },
    "form leads": {
        "Who answered which form, and when?": """
select lead_id, submitted_at, email, coalesce(form_name, form_id) as form
from fct_form_leads where lead_id like '{s}:%' order by 1
""",
        "Which campaigns bring leads?": """
select coalesce(campaign_name, campaign_id) as campaign, platform, count(*) as leads
from fct_form_leads where lead_id like '{s}:%'
group by coalesce(campaign_name, campaign_id), platform order by 1
""",
        "Which answers are tests or not finished?": """
select source_status as status, is_test, count(*) as leads
from fct_form_leads where lead_id like '{s}:%'
group by source_status, is_test order by 1, 2
""",
        "How are those who answered reached?": """
select coalesce(full_name, first_name || ' ' || last_name, first_name) as name, email,
    phone, company_name as company
from fct_form_leads where lead_id like '{s}:%' order by lead_id
""",
        "Which line of which file does an answer come from?": """
select files.file_name, bronze._line as line, bronze.email
from fct_form_leads as leads
join bronze_marketing__form_leads as bronze on bronze._row_id = leads._row_id
join fct_ingest_files as files on files.file_id = leads._file_id
where leads.lead_id like '{s}:%' order by files.file_id, line limit 1
""",
    },
    "lists": {
        "Who is on the list?": """
select member_key as member,
    coalesce(full_name, first_name || ' ' || last_name) as name, email, company
from int_list_members__versioned
where member_key like '{s}:%' and row_status = 'current' order by 1
""",
        "Who may be written to?": """
select email, status, email_status, left_at
from int_list_members__versioned
where member_key like '{s}:%' and row_status = 'current' order by 1
""",
        "At which firms are they, and as what?": """
select company, domain, title, coalesce(mobile_phone, phone) as phone
from int_list_members__versioned
where member_key like '{s}:%' and row_status = 'current' order by 1
""",
        "Whom of the list does a CRM know?": """
select members.email, contacts.contact_id
from int_list_members__versioned as members
join dim_contacts as contacts on members.email = contacts.email
where members.member_key like '{s}:%' and members.row_status = 'current' order by 1
""",
    },
    "any file": {
        "Was anything lost?": """
select sum(record_count) as records, sum(landed_count) as landed,
    sum(rejected_count) as rejected, sum(separator_count) as set_apart
from fct_ingest_files where instance_name = '{s}' and status = 'landed'
""",
        "How many findings are there?": """
select count(findings.finding_id) as findings, count(distinct findings.rule) as rules
from fct_ingest_files as files
left join fct_row_errors as findings on findings.file_id = files.file_id
where files.instance_name = '{s}'
""",
        "Which system was recognised, and what scopes its identifiers?": """
select distinct system_name, instance_name as folder, id_scope
from fct_ingest_files where instance_name = '{s}'
""",
        "Which columns were renamed?": """
select shape_name as kind, renamed_columns
from fct_ingest_files where instance_name = '{s}' order by file_id limit 1
""",
        "Which sources is it among, and when was it read?": """
select source_name, count(*) as files, min(loaded_at) as first_read
from fct_ingest_files where instance_name = '{s}' group by source_name order by 1
""",
        "How large were the files?": """
select file_name, byte_count as bytes, record_count as records
from fct_ingest_files where instance_name = '{s}' order by file_id
""",
        "Which columns do the files lack?": """
select shape_name as kind, missing_columns
from fct_ingest_files where instance_name = '{s}' and missing_columns <> '[]'
order by file_id limit 2
""",
        "Which columns are kept, though nothing reads them?": """
select shape_name as kind, extra_columns
from fct_ingest_files where instance_name = '{s}' and extra_columns <> '[]'
order by file_id
""",
    },
    "always": {
        "What has landed, and as what?": """
select file_name, shape_name as kind, source_name || '.' || table_name as fills,
    landed_count as records
from fct_ingest_files where instance_name = '{s}' order by file_id
""",
        "What is wrong, and where?": """
select rule, severity, line, column_name, source_value as value
from fct_row_errors
where file_id in (select file_id from fct_ingest_files where instance_name = '{s}')
    and rule not in ('column_unexpected', 'column_absent')
order by severity, rule, file_id, line limit 5
""",
    },
}
