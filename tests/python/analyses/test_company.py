"""What a sales lead and a CFO ask of one company's systems, against its files."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from .company import CLOCK, Deal, Files

ANSWERED = (
    *("pipeline_by_stage_and_owner", "mrr_by_month", "refunds_by_month"),
    *("revenue_by_month_and_currency", "top_customers"),
)
"""Analyses that need what the company's systems export."""
Answer = Callable[[str], list[dict[str, Any]]]
Key = tuple[Any, ...]


@pytest.fixture(scope="module")
def files(company_inbox: Path) -> Files:
    return Files(company_inbox)


def summed(pairs: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for key, amount in pairs:
        found[key] += amount
    return dict(found)


def near(values: dict[Key, Decimal], by: float = 0.005) -> dict[Key, Any]:
    return {key: pytest.approx(float(v), abs=by) for key, v in values.items()}


def open_deals(files: Files) -> list[Deal]:
    return [deal for deal in files.deals if not deal.closed]


@pytest.mark.parametrize("name", ANSWERED)
def test_every_question_has_an_answer(company_answer: Answer, name: str) -> None:
    assert company_answer(name)


def test_pipeline_by_stage_and_owner(company_answer: Answer, files: Files) -> None:
    rows = company_answer("pipeline_by_stage_and_owner")
    found = {
        (row["pipeline"], row["stage"], row["owner"], row["currency"]): row
        for row in rows
    }
    assert len(found) == len(rows)
    deals = [((d.pipeline, d.stage, d.owner, d.currency), d) for d in open_deals(files)]
    counts = summed((key, Decimal(1)) for key, _ in deals)
    assert {key: row["deal_count"] for key, row in found.items()} == counts
    amounts = near(summed((key, deal.amount) for key, deal in deals))
    assert {key: row["amount"] for key, row in found.items()} == amounts
    for key, row in found.items():
        # each deal's own is rounded to the cent, by the system and by us
        exact = sum(deal.weighted for place, deal in deals if place == key)
        least = 1 if key[3] == "JPY" else Decimal("0.01")
        assert abs(Decimal(str(row["weighted_amount"])) - exact) <= counts[key] * least
    assert "Paula Hart-Vega" in {row["owner"] for row in rows}  # as she is called now
    stages = [r["stage"] for r in rows if r["pipeline"] == "default"]
    order = ["Prospecting", "Qualification", "Proposal/Price Quote"]
    order += ["Negotiation/Review"]
    assert stages == sorted(stages, key=order.index)


@pytest.mark.parametrize("system", ["hubspot", "salesforce"])
def test_each_systems_own_columns_give_the_open_pipeline(
    company_answer: Answer, files: Files, system: str
) -> None:
    """HubSpot's amount times its probability; Salesforce's ExpectedRevenue."""
    rows = company_answer("pipeline_by_stage_and_owner")
    of_salesforce = system == "salesforce"
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
    for row in rows:
        if (row["pipeline"] == "default") == of_salesforce:
            amounts = found[row["currency"]]
            amounts[0] += Decimal(str(row["amount"]))
            amounts[1] += Decimal(str(row["weighted_amount"]))
    deals = [deal for deal in open_deals(files) if deal.system == system]
    assert {deal.currency for deal in deals} == set(found)
    for currency, (amount, weighted) in found.items():
        own = [deal for deal in deals if deal.currency == currency]
        assert amount == sum(deal.amount for deal in own)
        least = 1 if currency == "JPY" else Decimal("0.01")
        exact = sum(deal.weighted for deal in own)
        assert abs(weighted - exact) <= len(own) * least


def test_mrr_by_month(company_answer: Answer, files: Files) -> None:
    expected = files.mrr()
    found = {
        (row["month"], row["currency"]): row for row in company_answer("mrr_by_month")
    }
    assert set(found) == set(expected)
    kinds = ("new", "expansion", "contraction", "churn", "reactivation")
    seen = set()
    for key, row in found.items():
        for name in ("opening", *kinds, "closing"):
            amount = expected[key].get(name, Decimal(0))
            # a twelfth of a year is rounded for each subscription
            unit = 1 if key[1] == "JPY" else 0.01
            assert row[name] == pytest.approx(float(amount), abs=10 * unit), (key, name)
            seen |= {name} if amount else set()
        moves = sum(row[kind] for kind in kinds)
        assert row["closing"] == pytest.approx(row["opening"] + moves, abs=1e-6)
    assert {*kinds} <= seen
    assert max(month for month, _ in found) == CLOCK[:7]


def test_refunds_by_month(company_answer: Answer, files: Files) -> None:
    refunds = files.refunds()
    rows = company_answer("refunds_by_month")
    assert len({currency for _, currency, _, _ in refunds}) == 3
    expected = summed(
        ((day[:7], currency), amount) for day, currency, _, amount in refunds
    )
    assert {
        (row["month"], row["currency"]): row["refunded"]
        for row in rows
        if row["refund_count"]
    } == near(expected)
    # of disputes the balance alone knows, in dollars
    disputes = [
        row
        for row in files.rows("stripe/*/Itemized*.csv")
        if row["reporting_category"] == "dispute"
    ]
    assert disputes
    assert {
        (row["month"], row["currency"]): row["charged_back"]
        for row in rows
        if row["charged_back"]
    } == near(
        summed(
            ((row["created_utc"][:7], row["currency"].upper()), -Decimal(row["gross"]))
            for row in disputes
        )
    )


def test_revenue_by_month_and_currency(company_answer: Answer, files: Files) -> None:
    rows = company_answer("revenue_by_month_and_currency")
    sales = files.sales()
    for kind, column in (("orders", "orders"), ("other", "other_payments")):
        expected = summed(
            ((day[:7], currency), amount)
            for what, day, currency, _, amount in sales
            if what == kind
        )
        assert len(expected) > 20
        assert {
            (row["month"], row["currency"]): row[column] for row in rows if row[column]
        } == near(expected)
    for row in rows:
        assert row["revenue"] == pytest.approx(row["orders"] + row["other_payments"])


def test_top_customers(company_answer: Answer, files: Files) -> None:
    kept = summed(
        ((currency, email), amount) for _, _, currency, email, amount in files.sales()
    )
    back = summed(
        ((currency, email), amount) for _, currency, email, amount in files.refunds()
    )
    disputed = {
        row["charge_id"]: -Decimal(row["gross"])
        for row in files.rows("stripe/*/Itemized*.csv")
        if row["reporting_category"] == "dispute"
    }
    charges = files.charges()
    for charge, amount in disputed.items():
        key = "USD", charges[charge]["Customer Email"]
        back[key] = back.get(key, Decimal(0)) + amount
    rows = company_answer("top_customers")
    for currency in {row["currency"] for row in rows}:
        expected = sorted(
            (-(kept.get(key, Decimal(0)) - back.get(key, Decimal(0))), key[1])
            for key in kept.keys() | back.keys()
            if key[0] == currency
        )[:10]
        found = [row for row in rows if row["currency"] == currency]
        assert [row["customer_rank"] for row in found] == [*range(1, len(expected) + 1)]
        assert [row["email"] for row in found] == [email for _, email in expected]
        assert [row["kept"] for row in found] == pytest.approx(
            [float(-amount) for amount, _ in expected]
        )


def test_a_crm_knows_customers_of_the_shop(
    company_answer: Answer, company_warehouse: sqlite3.Connection
) -> None:
    rows = company_answer("top_customers")
    consumers = [r for r in rows if r["email"].endswith("@mail.example")]
    known = [row for row in rows if row["contact_id"]]
    assert consumers
    assert known
    assert not any(row["contact_id"] for row in consumers)
    assert all(row["company_id"] for row in known)
