# ruff: noqa: E501  - rows of tables, as they are
"""Reports on customers, from rows of the tables below them.

What is expected is worked out by hand from the rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import duckdb
import pytest

from .conftest import at_home
from .warehouse import ENGINES, Project, Warehouse

Rows = list[dict[str, Any]]

CONSERVED = "customer_revenue_is_conserved"
NEW = "2025-06-20T08:00:00.000000Z"


def at(day: str, time: str = "10:00") -> str:
    return f"{day}T{time}:00.000000Z"


def rows(columns: str, *values: tuple[Any, ...]) -> Rows:
    names = columns.split()
    return [dict(zip(names, row, strict=True)) for row in values]


GIVEN: dict[str, Rows] = {
    "stg_ingest__files": rows(
        "file_id source_name system_name id_scope status loaded_at",
        *((1, "crm", None, None, "landed", NEW), (2, "crm", "hubspot", "hubspot", "landed", NEW)),
        *((3, "crm", "salesforce", "salesforce", "landed", NEW), (4, "commerce", "shopify", "shopify", "landed", NEW)),
        *((5, "commerce", "stripe", "stripe", "landed", NEW), (6, "sales", None, None, "landed", NEW)),
        *((7, "leads", None, None, "landed", NEW), (8, "marketing", "meta", "meta", "landed", NEW)),
    ),
    "dim_people": rows(
        "person_id organisation_id full_name",
        *(("ann", "acme", "Ann"), ("bob", "acme", "Bob"), ("cy", None, "Cy Young")),
        *(("dee", None, "Dee"), ("eve", None, None), ("flo", "zeta", "Flo"), ("gus", None, "Gus")),
    ),
    "dim_organisations": rows(
        "organisation_id organisation_name",
        *(("acme", "Acme"), ("zeta", "Zeta"), ("mute", "Mute Ltd")),
    ),
    "bridge_people_records": rows(
        "record_id person_id record_kind",
        *(("contact:c1", "ann", "contact"), ("contact:c1b", "ann", "contact")),
        *(("contact:c2", "gus", "contact"), ("call_centre:77", "eve", "call_centre")),
        *(("backend:u1", "eve", "backend"), ("prospect_lead:x1", "dee", "prospect_lead")),
    ),
    "bridge_organisation_records": rows(
        "record_id organisation_id record_kind",
        *(("company:k2", "zeta", "company"), ("company:k1", "acme", "company")),
    ),
    "dim_companies": rows("company_id owner_id", ("k1", "olga"), ("k2", "otto")),
    # -- leads
    "fct_form_leads": rows(
        "lead_id person_id submitted_at source_name platform is_test source_status _file_id",
        ("f1", "ann", at("2025-01-05"), "ig", "meta", False, None, 8),
        # a test, which is no lead, and one of nobody
        ("f2", "ann", at("2024-01-01"), "ig", None, True, "qualified", 8),
        ("f3", None, at("2025-02-03"), None, "fb", False, "Lost", 8),
        ("f4", "cy", at("2025-03-01"), None, "fb", False, "SQL", 8),
    ),
    "fct_leads": rows(
        "kind lead_id person_id created_at lead_source source_status is_converted _file_id",
        # the answer above once more
        ("form_lead", "f1", "ann", at("2025-01-05"), "ig", None, None, 8),
        ("crm_lead", "l1", "bob", at("2025-01-10"), "Webinar", "Closed - Converted", True, 3),
        # converted in the first version, and later than the one above
        ("crm_lead", "l3", "bob", at("2025-03-01"), None, "Qualified", True, 3),
        ("crm_lead", "l2", None, None, None, "Unqualified", False, 3),
        ("list", "m1", "dee", at("2024-12-01"), None, "subscribed", None, 8),
    ),
    "int_crm_leads__versioned": rows(
        "lead_id row_status status is_converted valid_from",
        ("l1", "superseded", "Open", False, at("2025-01-10")),
        ("l1", "current", "Closed - Converted", True, at("2025-01-20")),
        ("l3", "current", "Qualified", True, at("2025-03-02")),
        ("l2", "current", "Unqualified", False, at("2025-01-11")),
        ("l2", "error", "Qualified", True, at("2025-01-01")),
    ),
    "int_crm__codes": rows(
        "lookup source_value code",
        *(("contact_status", "sql", "Qualified"), ("contact_status", "lost", "Churned")),
        *(("contact_status", "qualified", "Qualified"), ("industry", "unqualified", "Customer")),
    ),
    # without a date of entry; one of them deleted, one qualified as far as is known
    "int_salesforce_leads__versioned": rows(
        "lead_id row_status status is_deleted valid_from _file_id",
        ("x1", "superseded", "Qualified", False, at("2024-12-03"), 3),
        ("x1", "current", "Working", None, at("2024-12-05"), 3),
        ("x2", "current", "Qualified", True, at("2024-12-05"), 3),
    ),
    "dim_leads": rows(
        "lead_uuid entry_date first_seen_date _file_id",
        *(("u1", None, "2025-02-11", 7), ("u2", "2025-02-09", "2025-02-11", 7)),
    ),
    "dim_leads_history": rows(
        "lead_number version_number valid_from is_current lead_uuid entry_date"
        " is_set_repaired is_demo has_been_sold _file_id",
        ("70", 1, "2025-02-11", False, "u1", None, False, False, False, 7),
        ("70", 2, "2025-02-14", True, "u1", None, True, False, False, 7),
        # numbers that the backend does not know
        ("77", 1, "2025-02-12", True, None, "2025-02-01", False, True, False, 7),
        ("78", 1, "2025-02-12", True, None, "2025-02-02", False, False, False, 7),
    ),
    # -- contacts and activities
    "dim_contacts": rows(
        "contact_id created_at lead_source source_lead_source _file_id",
        ("c1", at("2025-01-06"), "Paid Search", "adwords", 2),
        ("c2", None, None, "Somewhere", 1),
        ("c3", None, None, None, 1),
    ),
    "int_contacts__clustered": rows("record_id cluster_id", ("c1", "c1"), ("c1b", "c1"), ("c2", "c2"), ("c3", "c3"), ("c3b", "c3")),
    "dim_contacts_history": rows(
        "contact_id version_number status valid_from",
        *(("c1", 1, "Lead", at("2025-01-06")), ("c1", 2, "Customer", at("2025-02-01"))),
        *(("c1b", 1, "Lead", at("2025-01-07")), ("c1b", 2, "Qualified", at("2025-01-25"))),
        ("c2", 1, "Lead", at("2025-01-06")),
        # of the one a change was seen, of the other nobody knows when it came
        *(("c3", 1, "Lead", at("2025-01-06")), ("c3", 2, "Customer", at("2025-02-01"))),
        ("c3b", 1, "Customer", at("2025-02-05")),
    ),
    "fct_activities": rows(
        "activity_id person_id occurred_at _file_id",
        *(("a1", "ann", at("2025-01-07"), 2), ("a2", None, at("2024-01-01"), 2)),
    ),
    "dim_shop_customers": rows(
        "shop_customer_id person_id created_at _file_id", ("shopify:1", "flo", at("2025-03-19"), 4)
    ),
    # -- deals
    "fct_opportunities": rows(
        "opportunity_id person_id organisation_id opportunity_name stage owner_id created_at"
        " close_date actual_close_date is_closed is_won currency_code amount_minor _file_id",
        ("d1", "ann", "acme", "D1", "Closed Won", "olga", at("2025-02-10"), "2025-03-10", "2025-03-10", True, True, "EUR", 100000, 2),
        ("d2", "bob", None, "D2", "Proposal", "olga", at("2025-04-01"), "2025-07-01", None, False, False, "USD", 5000, 2),
        ("d3", None, None, "D3", "Closed Won", None, at("2025-05-01"), "2025-05-03", "2025-05-03", True, True, "JPY", 700, 3),
        ("d4", "flo", "zeta", "D4", "Closed Lost", "otto", at("2025-04-02"), "2025-04-05", "2025-04-05", True, False, "USD", 800, 3),
        # closed, and nobody knows how
        ("d5", None, "mute", "D5", "Parked", "otto", None, None, None, None, None, None, None, 3),
    ),
    # -- money
    "fct_orders": rows(
        "order_id person_id ordered_at currency_code total_minor total_reporting_minor is_sale _file_id",
        ("o1", "ann", at("2025-03-15"), "EUR", 12000, 13000, True, 4),
        # the same in another account; cancelled, and a sale nevertheless; as a sale as well
        ("o2", "ann", at("2025-03-15"), "EUR", 12000, 13000, True, 4),
        ("o3", "cy", at("2025-03-16"), "USD", 400, 400, False, 4),
        ("o4", "flo", at("2025-03-20"), "USD", 5000, 5000, True, 4),
        ("o5", None, at("2025-06-01"), "GBP", 900, 1000, True, 4),
        ("o6", "cy", at("2025-06-05"), "JPY", 3000, None, True, 4),
        ("o8", "cy", at("2025-03-18"), "USD", 300, 300, False, 4),
        # cancelled there, and the same as one that is a sale
        ("o10", "ann", at("2025-03-15"), "EUR", 12000, 13000, False, 4),
        # no total, and no date
        ("o7", "gus", None, "USD", None, None, True, 4),
    ),
    "bridge_order_reports": rows(
        "order_id counted_id evidence",
        *(("o2", "o1", "same identifier"), ("o4", "s1", "delivered as a sale")),
        ("o10", "o1", "number is the identifier"),
        ("o3", "s5", "delivered as a sale"),
    ),
    "fct_sales": rows(
        "sale_id order_id person_id source_sale_id sales_date currency_code total_cost_minor"
        " total_cost_reporting_minor _file_id",
        ("s1", None, "cy", "SALE-0001", "2025-03-20", "USD", 4800, 4800, 6),
        ("s2", None, "cy", "SALE-0002", "2025-01-31", "USD", 2000, 2000, 6),
        # brought back, by nobody who is known
        ("s3", None, None, "3", "2025-02-01", "USD", -100, -100, 6),
        # brought back before anything that is known was bought
        ("s6", None, "cy", "6", "2024-06-01", "USD", -30, -30, 6),
        ("order:1", "o1", None, None, "2025-03-15", "EUR", 11000, 12000, 4),
        # the shop says that its order was cancelled, the sales say that it was sold
        ("s5", None, "cy", "SALE-0005", "2025-03-16", "USD", 410, 410, 6),
    ),
    "fct_payments": rows(
        "payment_id person_id payment_kind order_id order_number created_at currency_code"
        " amount_minor amount_reporting_minor _file_id",
        ("p1", "ann", "payment", "o1", None, at("2025-03-15"), "EUR", 12000, 13000, 5),
        # of a repeated report of an order, and of an order that the sales have
        ("p2", "ann", "payment", "o2", None, at("2025-03-15"), "EUR", 12000, 13000, 5),
        ("p3", "cy", "payment", "o3", None, at("2025-03-16"), "USD", 400, 400, 5),
        ("p11", "ann", "payment", "o10", None, at("2025-03-15"), "EUR", 12000, 13000, 5),
        # of an order that is no sale, and of one delivered nowhere
        ("p10", "cy", "payment", "o8", None, at("2025-03-18"), "USD", 300, 300, 5),
        ("p4", None, "payment", "zz", None, at("2025-03-17"), None, 50, None, 5),
        # of no order; what another file reports; of one of several orders; of a sale
        ("p5", "bob", "payment", None, None, at("2025-05-01"), "EUR", 999, 1100, 5),
        ("p6", "bob", "payment", None, "x6", at("2025-05-01"), "EUR", 998, 1099, 5),
        ("p7", "bob", "payment", None, "x7", at("2025-05-01"), "EUR", 997, 1098, 5),
        ("p8", "cy", "payment", None, "SALE-0002", at("2025-01-31"), "USD", 2000, 2000, 5),
        # of an order by its number
        ("p9", "flo", "payment", None, "x9", at("2025-03-21"), "USD", 5000, 5000, 5),
        ("r1", "ann", "refund", None, None, at("2025-04-02"), "EUR", -2000, -2200, 5),
        ("t1", None, "transfer", None, None, at("2025-04-02"), "EUR", -2000, -2200, 5),
    ),
    "bridge_payment_orders": rows(
        "payment_id order_id is_repeated",
        *(("p6", "o9", True), ("p7", None, False), ("p9", "o4", False)),
    ),
    "fct_refunds": rows(
        "refund_id refund_kind order_id payment_id refunded_at currency_code amount_minor"
        " amount_reporting_minor is_unlinked _file_id",
        ("r1", "refund", "o1", None, at("2025-04-02"), "EUR", 2000, 2200, False, 5),
        ("p5:refunded", "refund", None, "p5", at("2025-05-20"), "EUR", 99, 110, False, 5),
        ("o4:order", "refund", "o4", None, None, "USD", 500, 500, False, 4),
        # earlier than all that is known of Gus, and no touch
        ("o7:order", "refund", "o7", None, at("2024-01-01"), "USD", 25, 25, False, 4),
        ("q", "chargeback", None, None, at("2025-05-21"), "USD", 7, 7, False, 5),
    ),
}  # fmt: skip
"""What is in the tables; columns that are not named are NULL. The people: Ann and Bob
of Acme, Flo of Zeta, Cy, Dee and Gus without an organisation, and Eve, known by hashes.
"""


def replace_with(warehouse: Warehouse, given: dict[str, Rows]) -> None:
    """Put rows into tables that have the columns of the project's, and no keys."""
    if warehouse.engine == "duckdb":
        with closing(duckdb.connect(warehouse.database)) as duck:
            for table, its in given.items():
                described = duck.execute(f"describe {table}").fetchall()
                kind = _kind(duck.execute(
                    "select table_type from information_schema.tables where table_name = ?",
                    [table],
                ).fetchone())  # fmt: skip
                duck.execute(f"drop {kind} {table}")
                columns = {row[0]: row[1] for row in described}
                _fill(duck, table, columns, its)
        return
    with closing(sqlite3.connect(warehouse.database)) as db:
        for table, its in given.items():
            described = db.execute(f"pragma table_info({table})").fetchall()
            kind = _kind(db.execute(
                "select type from sqlite_master where name = ?", [table]
            ).fetchone())  # fmt: skip
            db.execute(f"drop {kind} {table}")
            _fill(db, table, {row[1]: row[2] for row in described}, its)
        db.commit()


def _kind(found: Any) -> str:
    return "view" if "view" in str(found[0]).lower() else "table"


def _fill(db: Any, table: str, columns: dict[str, str], its: Rows) -> None:
    db.execute(f"create table {table} ({', '.join(map(' '.join, columns.items()))})")
    for row in its:
        assert row.keys() <= columns.keys(), (table, row.keys() - columns.keys())
        marks = ", ".join("?" * len(row))
        db.execute(
            f"insert into {table} ({', '.join(row)}) values ({marks})",
            list(row.values()),
        )


@pytest.fixture(scope="module", params=ENGINES)
def reports(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("reports") / "w"
    with at_home():
        warehouse = Warehouse(folder, project(request.param))
        replace_with(warehouse, GIVEN)
        warehouse.build("--select", "int_customers__totals", "rpt_money_monthly")
        warehouse.build("--select", CONSERVED, command="test")
        yield warehouse


def only(reports: Warehouse, table: str, columns: str, where: str = "true") -> set[Any]:
    return set(reports.query(f"select {columns} from {table} where {where}"))


def test_each_thing_brings_money_once(reports: Warehouse) -> None:
    columns = "source_id, kind, person_id, organisation_id, amount_minor, is_purchase"
    assert only(reports, "int_customers__revenue", columns) == {
        ("o1", "order", "ann", "acme", 12000, 1),
        ("o4", "order", "flo", "zeta", 5000, 1),
        ("o5", "order", None, None, 900, 1),
        ("o6", "order", "cy", None, 3000, 1),
        ("o7", "order", "gus", None, None, 1),
        ("s2", "sale", "cy", None, 2000, 1),
        ("s3", "sale", None, None, -100, 0),
        ("s5", "sale", "cy", None, 410, 1),
        ("s6", "sale", "cy", None, -30, 0),
        ("p10", "payment", "cy", None, 300, 1),
        ("p4", "payment", None, None, 50, 1),
        ("p5", "payment", "bob", "acme", 999, 1),
        ("r1", "refund", "ann", "acme", -2000, 0),
        ("p5:refunded", "refund", "bob", "acme", -99, 0),
        ("o4:order", "refund", "flo", "zeta", -500, 0),
        ("o7:order", "refund", "gus", None, -25, 0),
        ("q", "chargeback", None, None, -7, 0),
    }


def test_leads_and_contacts_are_qualified_as_their_systems_say(
    reports: Warehouse,
) -> None:
    columns = "lead_id, kind, person_id, substr(created_at, 1, 10), is_qualified"
    columns += ", substr(qualified_at, 1, 10)"
    assert only(reports, "int_customers__leads", columns) == {
        ("f1", "form_lead", "ann", "2025-01-05", 0, None),
        ("f3", "form_lead", None, "2025-02-03", 0, None),
        ("f4", "form_lead", "cy", "2025-03-01", 1, None),
        ("l1", "crm_lead", "bob", "2025-01-10", 1, "2025-01-20"),
        ("l2", "crm_lead", None, None, 0, None),
        # qualified in the first version
        ("l3", "crm_lead", "bob", "2025-03-01", 1, None),
        ("m1", "list", "dee", "2024-12-01", 0, None),
        ("x1", "prospect_lead", "dee", "2024-12-03", 1, None),
        ("u1", "call_centre", "eve", "2025-02-11", 1, "2025-02-14"),
        ("u2", "call_centre", None, "2025-02-09", 0, None),
        ("number:77", "call_centre", "eve", "2025-02-01", 1, None),
        ("number:78", "call_centre", None, "2025-02-02", 0, None),
    }
    columns = "contact_id, person_id, is_qualified, substr(qualified_at, 1, 10)"
    assert only(reports, "int_customers__contacts", columns) == {
        ("c1", "ann", 1, "2025-01-25"),
        ("c2", "gus", 0, None),
        ("c3", None, 1, None),
    }


JOURNEYS = {
    # first touch, its kind and source; lead, qualified, contact, activity, deal, won;
    # first and last order, first and last purchase
    "ann": ("2025-01-05", "form_lead", "meta: ig", "2025-01-05", "2025-01-25", "2025-01-06",
            "2025-01-07", "2025-02-10", "2025-03-10", *["2025-03-15"] * 4),
    "bob": ("2025-01-10", "crm_lead", "salesforce: Webinar", "2025-01-10", "2025-01-20", None,
            None, "2025-04-01", None, None, None, "2025-05-01", "2025-05-01"),
    "cy": ("2025-01-31", "sale", "sales", "2025-03-01", None, None,
           None, None, None, *["2025-01-31", "2025-06-05"] * 2),
    "dee": ("2024-12-01", "list", "meta", "2024-12-03", *[None] * 9),
    # what came in first was qualified, nobody knows when: maybe before the other one
    "eve": ("2025-02-01", "call_centre", "leads", "2025-02-01", *[None] * 9),
    "flo": ("2025-03-19", "account", "shopify", None, None, None,
            None, "2025-04-02", None, *["2025-03-20"] * 4),
    "gus": (None, "contact", "crm: Somewhere", *[None] * 10),
    # with those of Ann and Bob
    "acme": ("2025-01-05", "form_lead", "meta: ig", "2025-01-05", "2025-01-20", "2025-01-06",
             "2025-01-07", "2025-02-10", "2025-03-10", "2025-03-15", "2025-03-15",
             "2025-03-15", "2025-05-01"),
    "zeta": ("2025-03-19", "account", "shopify", None, None, None,
             None, "2025-04-02", None, *["2025-03-20"] * 4),
    "mute": (None, "deal", "salesforce", *[None] * 10),
}  # fmt: skip
COUNTS = {
    # leads, qualified, deals, open, won, orders, purchases; currencies, currency,
    # revenue, and that in the reporting currency
    "ann": (1, 1, 1, 0, 1, 1, 1, 1, "EUR", 10000, 100.0, 10800),
    "bob": (2, 1, 1, 1, 0, 0, 1, 1, "EUR", 900, 9.0, 990),
    # yen and dollars, of which no sum is one; for yen there was no rate
    "cy": (1, 1, 0, 0, 0, 3, 4, 2, None, None, None, None),
    "dee": (1, 1, 0, 0, 0, 0, 0, 0, None, None, None, None),
    "eve": (2, 1, 0, 0, 0, 0, 0, 0, None, None, None, None),
    "flo": (0, 0, 1, 0, 0, 1, 1, 1, "USD", 4500, 45.0, 4500),
    "gus": (0, 0, 0, 0, 0, 1, 1, 1, "USD", -25, -0.25, -25),
    "acme": (3, 1, 2, 1, 1, 1, 2, 1, "EUR", 10900, 109.0, 11790),
    "zeta": (0, 0, 1, 0, 0, 1, 1, 1, "USD", 4500, 45.0, 4500),
    "mute": (0, 0, 1, 1, 0, 0, 0, 0, None, None, None, None),
}


def test_each_customer_has_a_journey(reports: Warehouse) -> None:
    day = "substr({}, 1, 10)".format
    found = reports.query(
        "select customer_id, customer_kind, customer_name,"
        f" {day('first_touch_at')}, first_touch_kind, first_source,"
        f" {day('first_lead_at')}, {day('qualified_at')}, {day('first_contact_at')},"
        f" {day('first_activity_at')}, {day('first_deal_at')}, {day('first_won_at')},"
        f" {day('first_order_at')}, {day('last_order_at')},"
        f" {day('first_purchase_at')}, {day('last_purchase_at')},"
        " lead_count, is_qualified, deal_count, open_deal_count, won_count,"
        " order_count, purchase_count, currency_count, currency_code,"
        " revenue_minor, revenue, revenue_reporting_minor"
        " from rpt_customer_journey"
    )
    names = {p["person_id"]: ("person", p["full_name"]) for p in GIVEN["dim_people"]}
    for row in GIVEN["dim_organisations"]:
        names[row["organisation_id"]] = "organisation", row["organisation_name"]
    assert {row[0]: row[1:] for row in found} == {
        key: (*names[key], *JOURNEYS[key], *COUNTS[key]) for key in names
    }
    assert len(found) == len(names)


def test_the_funnel_counts_each_customer_once(reports: Warehouse) -> None:
    columns = "first_source, touch_month, currency_code, customer_count, lead_count,"
    columns += " qualified_count, deal_count, won_count, paid_count,"
    columns += " won_minor, paid_minor, refunded_minor"
    nobody = "nobody known"
    assert only(reports, "rpt_funnel_by_source", columns) == {
        ("meta: ig", "2025-01", "EUR", 1, 1, 1, 1, 1, 1, 100000, 12999, 2099),
        ("shopify", "2025-03", "USD", 1, 0, 0, 1, 0, 1, 0, 5000, 500),
        ("salesforce", None, None, 1, 0, 0, 1, 0, 0, 0, 0, 0),
        ("sales", "2025-01", "USD", 1, 1, 1, 0, 0, 1, 0, 2710, 30),
        ("sales", "2025-01", "JPY", 0, 0, 0, 0, 0, 0, 0, 3000, 0),
        ("meta", "2024-12", None, 1, 1, 1, 0, 0, 0, 0, 0, 0),
        ("leads", "2025-02", None, 1, 1, 1, 0, 0, 0, 0, 0, 0),
        # a contact that was a lead by its status
        ("crm: Somewhere", None, "USD", 1, 1, 0, 0, 0, 1, 0, 0, 25),
        (nobody, "2025-02", None, 0, 3, 0, 0, 0, 0, 0, 0, 0),
        (nobody, None, None, 0, 2, 1, 0, 0, 0, 0, 0, 0),
        (nobody, "2025-05", "JPY", 0, 0, 0, 1, 1, 0, 700, 0, 0),
        (nobody, "2025-06", "GBP", 0, 0, 0, 0, 0, 1, 0, 900, 0),
        (nobody, "2025-02", "USD", 0, 0, 0, 0, 0, 0, 0, 0, 100),
        (nobody, "2025-03", None, 0, 0, 0, 0, 0, 1, 0, 50, 0),
        (nobody, "2025-05", "USD", 0, 0, 0, 0, 0, 0, 0, 0, 7),
    }
    columns = "first_source, lead_to_qualified_days, qualified_to_deal_days,"
    columns += " deal_to_won_days, won_to_paid_days"
    assert only(reports, "rpt_funnel_by_source", columns, "customer_count > 0") >= {
        ("meta: ig", 15.0, 21.0, 28.0, 5.0),
        ("shopify", None, None, None, None),
        ("leads", None, None, None, None),
    }


def test_cohorts_by_the_month_of_the_first_purchase(reports: Warehouse) -> None:
    columns = "cohort_month, currency_code, months_since, customer_count,"
    columns += " active_customer_count, retention, revenue_minor, cumulative_minor"
    first, second = "2025-01", "2025-03"
    assert only(reports, "rpt_customer_cohorts", columns) == {
        (first, "USD", -7, 1, 0, 0.0, -30, -30),
        (first, "USD", 0, 1, 1, 1.0, 2000, 1970),
        (first, "USD", 1, 1, 0, 0.0, 0, 1970),
        (first, "USD", 2, 1, 1, 1.0, 710, 2680),
        (first, "USD", 3, 1, 0, 0.0, 0, 2680),
        (first, "USD", 4, 1, 0, 0.0, 0, 2680),
        # in yen, which are in a row of their own
        (first, "USD", 5, 1, 1, 1.0, 0, 2680),
        *((first, "JPY", since, 0, 0, None, 0, 0) for since in range(5)),
        (first, "JPY", 5, 0, 0, None, 3000, 3000),
        (second, "EUR", 0, 1, 1, 1.0, 12000, 12000),
        (second, "EUR", 1, 1, 0, 0.0, -2000, 10000),
        (second, "EUR", 2, 1, 1, 1.0, 900, 10900),
        (second, "EUR", 3, 1, 0, 0.0, 0, 10900),
        (second, "USD", 0, 1, 1, 1.0, 5000, 5000),
        *((second, "USD", since, 1, 0, 0.0, 0, 5000) for since in (1, 2, 3)),
        # given back, nobody knows when
        (second, "USD", None, 1, None, None, -500, 4500),
        # of nobody, or without a date
        (None, "USD", None, None, None, None, -132, -132),
        (None, "GBP", None, None, None, None, 900, 900),
        (None, None, None, None, None, None, 50, 50),
    }


def test_white_space(reports: Warehouse) -> None:
    columns = "whitespace_kind, organisation_id, organisation_name, opportunity_id,"
    columns += (
        " opportunity_name, stage, owner_id, currency_code, amount_minor, amount,"
    )
    columns += " close_date, substr(last_purchase_at, 1, 10), purchase_count"
    assert only(reports, "rpt_whitespace", columns) == {
        ("no_open_deal", "zeta", "Zeta", None, None, None, "otto", "USD", 4500, 45.0,
         None, "2025-03-20", 1),
        ("buyer_with_open_deal", "acme", "Acme", "d2", "D2", "Proposal", "olga", "USD",
         5000, 50.0, "2025-07-01", "2025-05-01", 2),
    }  # fmt: skip


DIRT = {
    "an order": "insert into fct_orders (order_id, ordered_at, is_sale, currency_code,"
    " total_minor) values ('o99', '2025-01-01T00:00:00.000000Z', true, 'EUR', 1)",
    "a refund": "update fct_refunds set amount_minor = amount_minor + 1"
    " where refund_id = 'q'",
    "a payment": "update fct_payments set currency_code = 'SEK' where payment_id = 'p5'",
    "the totals": "update int_customers__totals set revenue_minor = revenue_minor - 1"
    " where currency_code = 'JPY'",
}
"""What makes the ledger of revenue differ from the money reported before, or from
the totals."""


@pytest.mark.parametrize("what", DIRT)
def test_revenue_that_is_not_conserved_is_found(reports: Warehouse, what: str) -> None:
    """The data test passes on the rows as given, and fails after one change."""
    query, _ = reports._compiled[f"test.revenue_warehouse.{CONSERVED}"]
    engine = sqlite3 if reports.engine == "sqlite" else duckdb
    with closing(engine.connect(reports.database)) as db:
        db.execute("begin")
        assert not db.execute(query).fetchall()
        db.execute(DIRT[what])
        assert db.execute(query).fetchall()
        db.rollback()
