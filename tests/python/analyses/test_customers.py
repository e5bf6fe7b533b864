"""Reports on customers and the questions that use them, against plain Python."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any

import pytest

from scripts.clauses import whole
from scripts.dashboards import DASHBOARDS, read
from scripts.settings import PROJECT

from .company import CLOCK
from .customers import SPANS, Facts

pytestmark = pytest.mark.long

Answer = Callable[[str], list[dict[str, Any]]]
WAREHOUSES = ("warehouse", "company_warehouse")
"""One of the samples of a CRM, and one of a company's systems."""


@pytest.fixture(scope="module", params=WAREHOUSES)
def database(request: pytest.FixtureRequest) -> sqlite3.Connection:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def facts(database: sqlite3.Connection) -> Facts:
    return Facts(database)


def table(database: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in database.execute(f"select * from {name}")]


def test_each_journey(database: sqlite3.Connection, facts: Facts) -> None:
    expected = facts.journeys()
    rows = table(database, "rpt_customer_journey")
    found = {(row["customer_kind"], row["customer_id"]): row for row in rows}
    assert len(found) == len(rows) > 100
    assert found.keys() == expected.keys()
    for customer, path in expected.items():
        row = found[customer]
        row["qualified_count"] = path["qualified_count"]
        assert row["is_qualified"] == (path["qualified_count"] > 0)
        assert {name: row[name] for name in path} == path, customer
    assert any(path["first_deal_at"] for path in expected.values())


def test_the_funnel(database: sqlite3.Connection, facts: Facts) -> None:
    names = [f"{s}_count" for s in ("customer", "lead", "qualified", "deal", "won")]
    names += ["paid_count", "won_minor", "paid_minor", "refunded_minor"]
    spans = [f"{span}_days" for span in SPANS]
    rows = table(database, "rpt_funnel_by_source")
    found = {
        (row["first_source"], row["touch_month"], row["currency_code"]): row
        for row in rows
    }
    assert len(found) == len(rows)
    expected = facts.funnel()
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert {name: found[key][name] for name in names} == {
            name: row[name] for name in names
        }, key
        assert {span: found[key][span] for span in spans} == {
            span: row.get(span) for span in spans
        }, key
    # each customer once, and all money in its own currency
    assert sum(row["customer_count"] for row in rows) == len(facts.once()[0])
    paid: dict[str | None, int] = defaultdict(int)
    won: dict[str | None, int] = defaultdict(int)
    for row in rows:
        paid[row["currency_code"]] += row["paid_minor"] - row["refunded_minor"]
        won[row["currency_code"]] += row["won_minor"]
    for event in facts.events:
        if event.brings_money:
            paid[event.currency] -= event.amount or 0
        if event.is_won:
            won[event.currency] -= event.amount or 0
    assert not any(paid.values())
    assert not any(won.values())


def test_the_dashboard_counts_customers_alone(
    database: sqlite3.Connection, facts: Facts
) -> None:
    """Records of nobody known are in a figure of their own."""
    charts = read(DASHBOARDS / "8_customers.yml")["charts"]
    steps = ("lead", "qualified", "deal", "won", "paid")
    expected, nobody = dict.fromkeys(steps, 0), dict.fromkeys(steps, 0)
    for (source, _, _), row in facts.funnel().items():
        for step in steps:
            (nobody if source == "nobody known" else expected)[step] += row[
                f"{step}_count"
            ]
    found = [tuple(row) for row in database.execute(whole(charts["funnel"]["query"]))]
    assert found == [
        (f"{place} {step}", expected[step]) for place, step in enumerate(steps, 1)
    ]
    for name, number in (
        ("buyers", expected["paid"]),
        ("nobody", nobody["lead"] + nobody["deal"] + nobody["paid"]),
    ):
        assert (
            database.execute(whole(charts[name]["query"])).fetchone()["value"] == number
        )


def test_cohorts(database: sqlite3.Connection, facts: Facts) -> None:
    rows = table(database, "rpt_customer_cohorts")
    found = {
        (row["cohort_month"], row["months_since"], row["currency_code"]): row
        for row in rows
    }
    assert len(found) == len(rows)
    newest = "select substr(max(loaded_at), 1, 7) from fct_ingest_files"
    ((clock,),) = database.execute(newest)
    expected = facts.cohorts(clock)
    assert found.keys() == expected.keys()
    total: dict[Any, int] = defaultdict(int)
    for key in sorted(expected, key=lambda key: (key[1] is None, key[1] or 0)):
        row, sums = found[key], expected[key]
        cohort, since, currency = key
        assert row["revenue_minor"] == sums["revenue"], key
        assert row["customer_count"] == sums["customers"], key
        total[cohort, currency] += sums["revenue"]
        assert row["cumulative_minor"] == total[cohort, currency], key
        if since is None:
            assert row["retention"] is None
            continue
        assert row["active_customer_count"] == sums["active"], key
        if sums["customers"]:
            share = sums["active"] / sums["customers"]
            assert row["retention"] == pytest.approx(share)
            assert since or share == 1.0
        else:
            assert row["retention"] is None


def test_white_space(database: sqlite3.Connection, facts: Facts) -> None:
    buyers = {
        key: path
        for (kind, key), path in facts.journeys().items()
        if kind == "organisation" and path["purchase_count"]
    }
    idle = {key for key, path in buyers.items() if not path["open_deal_count"]}
    rows = table(database, "rpt_whitespace")
    assert {r["organisation_id"] for r in rows if not r["opportunity_id"]} == idle
    assert {
        (row["opportunity_id"], row["organisation_id"], row["last_purchase_at"])
        for row in rows
        if row["opportunity_id"]
    } == {
        (event.key, event.organisation, buyers[event.organisation]["last_purchase_at"])
        for event in facts.events
        if event.is_open and event.organisation in buyers
    }
    assert len({row["whitespace_id"] for row in rows}) == len(rows)


def test_the_companys_systems_meet(company_warehouse: sqlite3.Connection) -> None:
    """In its journeys leads, deals and orders of several systems come together."""
    rows = table(company_warehouse, "rpt_customer_journey")
    assert any(row["deal_count"] and row["order_count"] for row in rows)
    assert any(row["lead_count"] and row["deal_count"] for row in rows)


def test_the_guides_questions(company_warehouse: sqlite3.Connection) -> None:
    """Those of docs/customers.md: what sources bring, and from lead to order."""
    text = (PROJECT / "docs" / "customers.md").read_text(encoding="utf-8")
    by_source, from_lead_to_order = re.findall(r"```sql\n(.*?)```", text, re.S)
    facts = Facts(company_warehouse)
    expected: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (source, _, currency), row in facts.funnel().items():
        for name in set(row) - {f"{span}_days" for span in SPANS}:
            expected[source, currency][name] += row[name]
    found = [dict(row) for row in company_warehouse.execute(by_source)]
    assert {(r["first_source"], r["currency_code"]) for r in found} == expected.keys()
    for row in found:
        sums = expected[row["first_source"], row["currency_code"]]
        for name, of in (("customers", "customer"), ("leads", "lead")):
            assert row[name] == sums[f"{of}_count"]
        assert row["buyers"] == sums["paid_count"]
        unit = 1 if row["currency_code"] == "JPY" else 100
        kept = (sums["paid_minor"] - sums["refunded_minor"]) / unit
        assert (row["kept"] or 0) == pytest.approx(kept)
    waits: dict[str, list[float]] = defaultdict(list)
    for (kind, _), path in facts.journeys().items():
        lead, order = path["first_lead_at"], path["first_order_at"]
        if kind == "person" and lead and order and lead <= order:
            times = (datetime.fromisoformat(at[:19]) for at in (lead, order))
            since, until = times
            days = (until - since).total_seconds() / 86400
            waits[path["first_source"]].append(days)
    assert any(len(days) > 1 for days in waits.values())
    medians = [tuple(row) for row in company_warehouse.execute(from_lead_to_order)]
    assert {source: rest for source, *rest in medians} == {
        source: [len(days), pytest.approx(median(days), abs=0.051)]
        for source, days in waits.items()
    }
    assert len(medians) == len(waits)


def test_best_sources(
    company_answer: Answer, company_warehouse: sqlite3.Connection
) -> None:
    expected: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (source, _, currency), row in Facts(company_warehouse).funnel().items():
        for name, value in row.items():
            if not name.endswith("_days"):
                expected[source, currency or "none"][name] += value
    rows = company_answer("best_sources")
    assert {(row["source"], row["currency"]) for row in rows} == expected.keys()
    for row in rows:
        sums = expected[row["source"], row["currency"]]
        unit = 1 if row["currency"] == "JPY" else 100
        assert row["customers"] == sums["customer_count"]
        assert row["leads"] == sums["lead_count"]
        for name in ("qualified", "won", "paid"):
            assert row[name] == sums[f"{name}_count"]
        kept = sums["paid_minor"] - sums["refunded_minor"]
        assert row["kept_amount"] == pytest.approx(kept / unit)
        assert row["won_amount"] == pytest.approx(sums["won_minor"] / unit)
        if row["customers"]:
            percent = 100 * row["paid"] / row["customers"]
            assert row["paid_percent"] == pytest.approx(percent, abs=0.051)


def test_customers_who_buy_again(
    company_answer: Answer, company_warehouse: sqlite3.Connection
) -> None:
    cohorts = Facts(company_warehouse).cohorts(CLOCK[:7])
    rows = company_answer("customers_who_buy_again")
    assert {(row["cohort_month"], row["currency"]) for row in rows} == {
        (cohort, currency) for cohort, _, currency in cohorts if cohort
    }
    checked = 0
    for row in rows:
        cohort, currency = row["cohort_month"], row["currency"]
        first = cohorts[cohort, 0, currency]
        assert row["customers"] == first["customers"]
        for month in (1, 3, 6):
            then, share = cohorts.get((cohort, month, currency)), None
            if then and first["customers"]:
                share = round(100 * then["active"] / first["customers"], 1)
            assert row[f"percent_after_{month}"] == pytest.approx(share)
            checked += share is not None
        unit = 1 if currency == "JPY" else 100
        brought = sum(
            sums["revenue"]
            for (of, _, its), sums in cohorts.items()
            if (of, its) == (cohort, currency)
        )
        assert row["revenue"] == pytest.approx(brought / unit)
    assert checked > 10


def test_buyers_to_call(
    company_answer: Answer, company_warehouse: sqlite3.Connection
) -> None:
    expected = sorted(
        (path["last_purchase_at"][:10], key, path["purchase_count"])
        for (kind, key), path in Facts(company_warehouse).journeys().items()
        if kind == "organisation"
        and path["purchase_count"]
        and not path["open_deal_count"]
    )
    rows = company_answer("buyers_to_call")
    found = [
        (row["last_purchase_on"], row["organisation_id"], row["purchases"])
        for row in rows
    ]
    assert sorted(found) == expected
    days = [day for day, _, _ in found]
    assert days == sorted(days, reverse=True)
