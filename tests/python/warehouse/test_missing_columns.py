"""A later file with fewer columns: what it does not have is unknown, not empty."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from .deliveries import activity, company, contact, opportunity
from .test_increments import ON_BOTH
from .warehouse import Warehouse

RECORDS = {
    "companies": company(),
    "contacts": contact(),
    "opportunities": opportunity(probability="33.333333333333336", product=None),
    "activities": activity(duration_minutes="31"),
}
CHANGES = {
    "companies": {"name": "Acme"},
    "contacts": {"title": "CTO"},
    "opportunities": {"stage": "Negotiation"},
    "activities": {"subject": "Second call"},
}
REQUIRED = {
    "companies": ["name"],
    "contacts": ["email"],
    "opportunities": ["company_id", "amount", "stage"],
    "activities": ["contact_id", "type"],
}
CURRENT = {
    "companies": "select company_name, domain, industry, size_band, country_code,"
    " is_customer, annual_revenue_cents, substr(created_at, 1, 10) from dim_companies",
    "contacts": "select title, first_name, last_name, email, phone_e164, status,"
    " company_id, source_phone, substr(updated_at, 1, 10) from dim_contacts",
    "opportunities": "select stage, product, amount_cents, probability, company_id,"
    " is_marked_closed, close_date, contact_id, forecast_category"
    " from fct_opportunities",
    "activities": "select subject, activity_type, duration_minutes, outcome, notes,"
    " contact_id, opportunity_id, substr(occurred_at, 1, 10) from fct_activities",
}
EXPECTED = {
    "companies": ("Acme", "c1.example.com", "Retail", "11-50", "US", 1, 100000000,
                  "2024-01-01"),
    "contacts": ("CTO", "Ann", "Person P1", "p1@c1.example.com", "+12024561111",
                 "Lead", "C1", "+1 202 456 1111", "2024-01-03"),
    "opportunities": ("Negotiation", None, 150050, 33.333333333333336, "C1", 0,
                      "2024-06-30", "P1", "Pipeline"),
    "activities": ("Second call", "call", 31, "Completed", "Went well", "P1", "O1",
                   "2024-03-01"),
}  # fmt: skip


def fewer(table: str) -> dict[str, str]:
    """A record with its key, what is required, and what has changed."""
    kept = {name: RECORDS[table][name] for name in ("id", *REQUIRED[table])}
    return kept | CHANGES[table]


@ON_BOTH
def test_the_crm_keeps_what_a_file_lacks(
    new_warehouse: Callable[[str], Warehouse], engine: str
) -> None:
    warehouse = new_warehouse(engine)
    for table, record in RECORDS.items():
        warehouse.deliver(f"{table}.json", [record])
    warehouse.run()
    for table in RECORDS:
        warehouse.deliver(f"{table}_2.json", [fewer(table)])
    warehouse.run()
    for table, expected in EXPECTED.items():
        assert warehouse.query(CURRENT[table]) == [expected], table
    for history in ("companies", "contacts", "opportunities"):
        assert warehouse.value(f"select count(*) from dim_{history}_history") == 2
    rules = {rule for rule, *_ in warehouse.findings()}
    assert rules == {"column_absent"}
    # an empty value in a column that is there is empty
    warehouse.deliver("contacts_3.json", [contact(title="CTO", phone="")])
    # what says no more than is known changes nothing
    warehouse.deliver("opportunities_3.json", [fewer("opportunities")])
    # a duration that was written otherwise
    call = fewer("activities") | {"id": "A2"}
    warehouse.deliver("activities_3.json", [call | {"duration_text": "0:31:00"}])
    warehouse.deliver("activities_4.json", [call | {"subject": "Third call"}])
    # one notation of what is known is no version
    again = fewer("companies") | {"domain": "HTTPS://C1.Example.com/ ", "country": "us"}
    again |= {"industry": " retail", "annual_revenue": "1,000,000.00"}
    warehouse.deliver("companies_3.csv", ",".join(again) + "\n" + _line(again))
    warehouse.run()
    assert warehouse.query(
        "select subject, duration_minutes from fct_activities where activity_id = 'A2'"
    ) == [("Third call", 31)]
    assert warehouse.query("select title, phone_e164 from dim_contacts") == [
        ("CTO", None)
    ]
    assert warehouse.query(CURRENT["opportunities"]) == [EXPECTED["opportunities"]]
    assert warehouse.query(CURRENT["companies"]) == [EXPECTED["companies"]]
    assert warehouse.value("select count(*) from dim_companies_history") == 2


def _line(record: dict[str, str]) -> str:
    return ",".join(f'"{value}"' for value in record.values()) + "\n"


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324


NEVADA = {
    "Name": "Little Oaks", "Credential Type": "Center",
    "Credential Number": "1106-22", "Status": "Active",
    "Address": "12 Main St Reno, NV 89501", "State": "NV", "County": "Washoe",
    "Phone": "775-555-0142", "First Issue Date": "2020-01-31",
    "Primary Contact Name": "Ann Ray", "Primary Contact Role": "Owner",
    "Expiration Date": "2026-01-31",
}  # fmt: skip


@ON_BOTH
def test_other_domains_keep_what_a_file_lacks(
    new_warehouse: Callable[[str], Warehouse], engine: str
) -> None:
    warehouse = new_warehouse(engine)

    def deliver(name: str, *rows: dict[str, str]) -> None:
        path = warehouse.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(map(_line, rows))
        path.write_text(",".join(rows[0]) + "\n" + text, encoding="utf-8")

    uuid = "00000000-0000-4000-8000-000000000001"
    days = [
        {"lead_number": "L1", "entry_date": "2025-01-02", "city": "Reno",
         "zip": "89501", "job_status": "Open", "is_set": "1",
         "email_hash": _sha1("a")},
        {"lead_number": "L1", "entry_date": "2025-01-02", "city": "Reno",
         "job_status": "Sold", "is_set": "1", "email_hash": _sha1("a")},
    ]  # fmt: skip
    deliver("prospects/nv_1.csv", NEVADA)
    lead = {"id": "1", "company": "Oaks", "phone": "775-555-0142", "street": "1 Elm St"}
    deliver("prospects/salesforce_leads_1.csv", lead | {"status": "New"})
    both = {"email_hash": _sha1("a"), "phone_hash": _sha1("1")}
    deliver("leads/leads_1.csv", {"lead_uuid": uuid} | both)
    deliver("leads/data_01.csv", days[0])
    seller = {"id": "7", "first_name": "Sue", "last_name": "Low", "is_manager": "Y"}
    deliver("sales/sales_team_1.csv", seller)
    deliver("sales/products_1.csv", {"id": "1", "name": "Tea", "current_price": "2.50"})
    deliver(
        "sales/customers_1.csv", {"id": "1", "first_name": "Ann", "phone": "1234567"}
    )
    warehouse.run_all()
    few = ("Name", "Address", "Phone", "State")
    deliver("prospects/nv_2.csv", {k: NEVADA[k] for k in few} | {"Status": "Closed"})
    deliver("prospects/salesforce_leads_2.csv", {k: lead[k] for k in ("id", "company")})
    deliver("leads/leads_2.csv", {"lead_uuid": uuid, "phone_hash": _sha1("2")})
    deliver("leads/data_02.csv", days[1])
    deliver("sales/sales_team_2.csv", {"id": "7", "last_name": "High"})
    deliver("sales/products_2.csv", {"id": "1", "name": "Tea", "old_price": "3.00"})
    deliver("sales/customers_2.csv", {"id": "1", "phone": "123-4567"})
    warehouse.run_all()
    assert warehouse.query(
        "select license_status, license_number, county, last_name, license_issued"
        " from dim_prospective_orgs where is_current"
    ) == [("Closed", "1106-22", "Washoe", "Ray", "2020-01-31")]
    assert warehouse.query(
        "select phone, street, status from int_salesforce_leads__versioned"
        " where row_status = 'current'"
    ) == [("+17755550142", "1 Elm St", "New")]
    assert warehouse.query(
        "select email_hash, phone_hash, city, zip, first_seen_date <> last_seen_date"
        " from dim_leads"
    ) == [(_sha1("a"), _sha1("2"), "Reno", "89501", 1)]
    assert warehouse.query("select full_name, is_manager from dim_salespeople") == [
        ("Sue High", 1)
    ]
    assert warehouse.query("select price_cents, old_price_cents from dim_products") == [
        (250, 300)
    ]
    assert warehouse.query("select full_name, phone from dim_customers") == [
        ("Ann", "1234567")
    ]
    # what a list said of a day stays as delivered, what is known of a lead goes on
    assert warehouse.query(
        "select zip from fct_lead_snapshots order by snapshot_date"
    ) == [("89501",), (None,)]
    assert warehouse.query(
        "select job_status, zip, city from dim_leads_history where is_current"
    ) == [("Sold", "89501", "Reno")]
