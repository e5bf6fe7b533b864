"""A later file with fewer columns: what it does not have is unknown, not empty."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE

from .deliveries import activity, company, contact, opportunity
from .test_increments import ON_EACH
from .warehouse import Warehouse, differences

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


@pytest.mark.long
@ON_EACH
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


OPEN = {"is_closed": "0", "is_won": "0"}
DEALS = {
    # key: (as first delivered, later files without what is said of an end)
    "won": ({"stage": "Talk", "probability": "20"} | OPEN, ["Signed"]),
    "lost": ({"stage": "Talk", "probability": "20"} | OPEN, ["Over"]),
    "reopened": (
        {"stage": "Over", "probability": "0", "is_closed": "1", "is_won": "0",
         "close_date": "2026-01-20"}, ["Talk"],
    ),
    "same": (
        {"stage": "Signed", "probability": "100", "is_closed": "1", "is_won": "1",
         "close_date": "2026-01-21"}, ["SIGNED "],
    ),
    "elsewhere": ({"stage": "Talk", "probability": "20"} | OPEN, ["Nobody knows"]),
    "back": ({"stage": "Talk", "probability": "20"} | OPEN, ["Signed", "Talk"]),
    "early": (
        {"stage": "Talk", "probability": "20", "close_date": "2026-02-03"} | OPEN,
        ["Signed"],
    ),
    "ended": (
        {"stage": "Offer", "status": "Lost", "lost_date": "2026-01-22",
         "is_closed": None, "is_won": None, "probability": None}, ["Talk"],
    ),
}  # fmt: skip
# is_closed, is_won, probability, weighted minor units, close and actual close
ENDS = {
    "won": (1, 1, 100.0, 150050, "2026-02-05", "2026-02-05"),
    "lost": (1, 0, 0.0, 0, "2026-02-05", "2026-02-05"),
    "reopened": (0, 0, 20.0, 30010, "2026-01-20", None),
    "same": (1, 1, 100.0, 150050, "2026-01-21", "2026-01-21"),
    # of a stage of which nothing says more what was said before holds
    "elsewhere": (0, 0, 20.0, 30010, "2026-06-30", None),
    "back": (0, 0, 20.0, 30010, "2026-06-30", None),
    "early": (1, 1, 100.0, 150050, "2026-02-03", "2026-02-03"),
    "ended": (0, 0, 20.0, 30010, "2026-01-22", None),
}


@pytest.mark.long
@ON_EACH
def test_what_was_said_in_an_earlier_stage_ends_with_it(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file with the stage alone closes a deal, or opens it again."""
    warehouse = new_warehouse(engine)

    def deliver(day: str, rows: list[dict[str, Any]]) -> None:
        monkeypatch.setenv(VARIABLE, f"{day}T06:00:00Z")
        warehouse.deliver(f"opportunities_{day}.json", rows)
        warehouse.run()

    warehouse.deliver("companies.json", [company()])
    warehouse.deliver("contacts.json", [contact()])
    every = ("status", "is_won", "lost_date", "base_amount", "base_currency")
    blank = dict.fromkeys(every) | {
        "created_date": "2026-01-01", "close_date": "2026-06-30",
        "base_amount": "1400.00", "base_currency": "EUR",
    }  # fmt: skip
    first = [opportunity(key, **blank | said) for key, (said, _) in DEALS.items()]
    first[-1]["close_date"] = None
    deliver("2026-02-01", first)
    kept = ("id", "company_id", "amount")
    for day, place in (("2026-02-05", 0), ("2026-02-09", 1)):
        rows = [
            {name: opportunity(key)[name] for name in kept} | {"stage": stages[place]}
            for key, (_, stages) in DEALS.items()
            if len(stages) > place
        ]
        deliver(day, rows)
    # the amount alone: that in the company's currency is another one, not known
    row = {name: opportunity("won")[name] for name in kept}
    deliver("2026-02-10", [row | {"stage": "Signed", "amount": "1500.50"}])
    row = {name: opportunity("lost")[name] for name in kept}
    deliver("2026-02-11", [row | {"stage": "Over", "amount": "1600.00"}])
    found = warehouse.query(
        "select opportunity_id, is_closed, is_won, probability,"
        " weighted_amount_minor, close_date, actual_close_date from fct_opportunities"
    )
    assert {key: tuple(row) for key, *row in found} == ENDS
    assert dict(
        warehouse.query(
            "select opportunity_id, base_amount_minor from fct_opportunities"
            " where opportunity_id in ('won', 'lost')"
        )
    ) == {"won": 140000, "lost": None}
    assert not [rule for rule, *_ in warehouse.findings() if "contradicts" in rule]
    won = "select movement_month, sum(won_count), sum(lost_count), sum(reopened_count)"
    assert warehouse.query(
        won + " from rpt_pipeline_movement"
        " where won_count + lost_count + reopened_count > 0 group by 1 order by 1"
    ) == [("2026-01", 1, 2, 0), ("2026-02", 3, 1, 3)]
    changed = warehouse.lasting()
    warehouse.run("--full-refresh")
    assert not differences(changed, warehouse.lasting())


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


@pytest.mark.long
@ON_EACH
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
