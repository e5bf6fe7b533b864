"""What a sales lead and a CFO ask of one company's systems, against its files."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tools.generate.company.shop import Shop
from tools.generate.company.truth import Company

from .company import CLOCK, Deal, Files
from .exports import days

pytestmark = pytest.mark.long

ANSWERED = (
    *("pipeline_by_stage_and_owner", "win_rate_by_month", "sales_velocity"),
    *("pipeline_movement_by_quarter", "mrr_by_month", "refunds_by_month"),
    *("revenue_by_month_and_currency", "top_customers"),
    *("best_sources", "customers_who_buy_again", "buyers_to_call"),
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


def test_what_has_no_probability_is_not_weighted_with_nothing(
    company_warehouse: sqlite3.Connection, queries: dict[str, str]
) -> None:
    """A row with such a deal has no weighted amount; the others keep theirs."""
    query = queries["pipeline_by_stage_and_owner"]
    with closing(sqlite3.connect(":memory:")) as db:
        company_warehouse.backup(db)
        db.row_factory = sqlite3.Row
        before = [dict(row) for row in db.execute(query)]
        others = ("pipeline_by_stage_and_month", "pipeline_coverage_by_product")
        before_of = {n: list(map(dict, db.execute(queries[n]))) for n in others}
        several = next(row for row in before if row["deal_count"] > 1 < row["amount"])
        changed = db.execute(
            "update fct_opportunities set weighted_amount_minor = null,"
            " probability = null"
            " where opportunity_id = (select opportunity_id"
            " from fct_opportunities inner join dim_deal_stages using (stage_id)"
            " inner join dim_owners using (owner_id)"
            " where not fct_opportunities.is_closed and amount_minor > 0"
            " and stage_name = :stage and owner_name = :owner"
            " and currency_code = :currency)",
            several,
        )
        assert changed.rowcount == 1
        after = [dict(row) for row in db.execute(query)]
        for name, rows in before_of.items():
            now = list(map(dict, db.execute(queries[name])))
            ((was, row),) = (p for p in zip(rows, now, strict=True) if p[0] != p[1])
            assert row == was | {"weighted_amount": None}
            assert was["weighted_amount"] > 0
    expected = [
        row | {"weighted_amount": None} if row == several else row for row in before
    ]
    assert after == expected


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


def test_win_rate_by_month(company_answer: Answer, files: Files) -> None:
    ended = [deal for deal in files.deals if deal.closed]
    won = summed(((d.closed[:7],), Decimal(d.is_won)) for d in ended)
    lost = summed(((d.closed[:7],), Decimal(not d.is_won)) for d in ended)
    rows = {r["close_month"]: r for r in company_answer("win_rate_by_month")}
    assert {(month,): row["won_count"] for month, row in rows.items()} == won
    assert {(month,): row["lost_count"] for month, row in rows.items()} == lost
    for month, row in rows.items():
        rate = 100 * won[month,] / (won[month,] + lost[month,])
        assert row["win_rate_percent"] == pytest.approx(float(rate), abs=0.051)


def test_sales_velocity(company_answer: Answer, files: Files) -> None:
    groups: dict[Key, list[Deal]] = defaultdict(list)
    for deal in files.deals:
        groups[deal.pipeline, deal.currency].append(deal)
    rows = company_answer("sales_velocity")
    found = {(row["pipeline"], row["currency"]): row for row in rows}
    assert set(found) == set(groups)
    checked = 0
    for key, deals in groups.items():
        row = found[key]
        won = [deal for deal in deals if deal.closed and deal.is_won]
        ended = [deal for deal in deals if deal.closed]
        assert row["open_count"] == len(deals) - len(ended)
        assert row["won_count"] == len(won)
        if not won:
            assert row["amount_per_day"] is None
            continue
        average = sum(deal.amount for deal in won) / len(won)
        cycle = Decimal(sum(days(d.created, d.closed) for d in won)) / len(won)
        assert row["average_days"] == pytest.approx(float(cycle), abs=0.051)
        rate = Decimal(len(won)) / len(ended)
        speed = (len(deals) - len(ended)) * rate * average / cycle
        assert row["amount_per_day"] == pytest.approx(float(speed), rel=1e-3)
        checked += 1
    assert checked > 5


def test_movement_of_a_quarter(company_answer: Answer, files: Files) -> None:
    rows = company_answer("pipeline_movement_by_quarter")
    into = ("open_at_start", "created", "reopened", "moved_in", "grown")
    out = ("won", "lost", "closed_otherwise", "shrunk", "moved_out", "deleted")
    for row in rows:
        net = sum(Decimal(str(row[name])) for name in into)
        net -= sum(Decimal(str(row[name])) for name in out)
        assert net == Decimal(str(row["open_at_end"])), row
    # one quarter's end is the next one's start
    quarters = sorted({row["quarter"] for row in rows})
    by_quarter: dict[Key, dict[str, Any]] = {
        (row["quarter"], row["pipeline"], row["currency"]): row for row in rows
    }
    assert len(by_quarter) == len(rows)
    for before, after in pairwise(quarters):
        for group in {key[1:] for key in by_quarter}:
            end = by_quarter.get((before, *group), {}).get("open_at_end", 0)
            start = by_quarter.get((after, *group), {}).get("open_at_start", 0)
            assert end == start
    # the last end is what is open, as the files say
    last = near(summed(((d.pipeline, d.currency), d.amount) for d in open_deals(files)))
    assert {
        (row["pipeline"], row["currency"]): row["open_at_end"]
        for row in rows
        if row["quarter"] == quarters[-1] and row["open_at_end"]
    } == last
    # what was won, by the day of closing; what was created, by the day of entry
    for measure, day in (("won", "closed"), ("created", "created")):
        counts: dict[Key, int] = defaultdict(int)
        for deal in files.deals:
            if measure == "created" or (deal.closed and deal.is_won):
                counts[quarter(getattr(deal, day)), deal.pipeline] += 1
        found: dict[Key, int] = defaultdict(int)
        for row in rows:
            found[row["quarter"], row["pipeline"]] += row[f"{measure}_count"]
        # those that have been deleted or merged since were created and won, too
        assert all(found[key] >= count for key, count in counts.items())
        assert 0 <= sum(found.values()) - sum(counts.values()) <= 4


def quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


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


@pytest.fixture(scope="module")
def whose() -> dict[str, int]:
    """Address → number of the person whose it is in truth; some have several."""
    company = Company(seed=0)
    shop = Shop(company)
    people = [*company.people, *shop.customers, *shop.guests]
    return {
        p.email.lower(): p.number if p.same_as is None else p.same_as for p in people
    }


def test_top_customers(
    company_answer: Answer, files: Files, whose: dict[str, int]
) -> None:
    kept = summed(
        ((currency, whose[email.lower()]), amount)
        for _, _, currency, email, amount in files.sales()
    )
    back = summed(
        ((currency, whose[email.lower()]), amount)
        for _, currency, email, amount in files.refunds()
    )
    disputed = {
        row["charge_id"]: -Decimal(row["gross"])
        for row in files.rows("stripe/*/Itemized*.csv")
        if row["reporting_category"] == "dispute"
    }
    charges = files.charges()
    for charge, amount in disputed.items():
        key = "USD", whose[charges[charge]["Customer Email"].lower()]
        back[key] = back.get(key, Decimal(0)) + amount
    rows = company_answer("top_customers")
    assert {row["currency"] for row in rows} == {"EUR", "JPY", "USD"}
    for currency in {row["currency"] for row in rows}:
        expected = sorted(
            (-(kept.get(key, Decimal(0)) - back.get(key, Decimal(0))), key[1])
            for key in kept.keys() | back.keys()
            if key[0] == currency
        )[:10]
        found = [row for row in rows if row["currency"] == currency]
        assert [row["customer_rank"] for row in found] == [*range(1, len(expected) + 1)]
        assert {whose[row["email"].lower()] for row in found} == {
            number for _, number in expected
        }
        assert all(row["customer_name"] for row in found)
        assert [row["kept"] for row in found] == pytest.approx(
            [float(-amount) for amount, _ in expected]
        )


def test_a_crm_knows_customers_of_the_shop(
    company_answer: Answer, company_warehouse: sqlite3.Connection
) -> None:
    rows = company_answer("top_customers")
    consumers = [row for row in rows if not row["contact_id"]]
    known = [row for row in rows if row["contact_id"]]
    assert consumers
    assert known
    # the others have a private mailbox alone
    assert all(row["email"].endswith("@mail.example") for row in consumers)
    assert all(row["company_id"] for row in known)


def test_one_customer_by_several_addresses_is_one(
    company_warehouse: sqlite3.Connection, queries: dict[str, str]
) -> None:
    """A person by the person, whatever the address; nobody known by its letters."""
    with closing(sqlite3.connect(":memory:")) as db:
        company_warehouse.backup(db)
        db.row_factory = sqlite3.Row
        person = db.execute(
            "select person_id, email from dim_people limit 1"
        ).fetchone()
        sold = "insert into fct_orders (order_id, is_sale, currency_code, total_minor,"
        sold += " person_id, email, _row_id, _file_id, latest_file_id, order_state,"
        sold += " line_count) values (?, true, 'CHF', ?, ?, ?, 1, 1, 1, 'paid', 1)"
        db.executemany(
            sold,
            [
                ("one", 100, person["person_id"], "first@two.example"),
                ("two", 200, person["person_id"], "second@two.example"),
                # of nobody, but that address is of the person alone
                ("three", 400, None, "Second@Two.example"),
                ("four", 1000, None, "No@body.example"),
                ("five", 2000, None, "no@body.EXAMPLE"),
                ("six", 4000, None, None),
            ],
        )
        found = [
            (row["person_id"], row["email"], row["kept"])
            for row in db.execute(queries["top_customers"])
            if row["currency"] == "CHF"
        ]
    assert found == [
        (None, "no@body.example", 30.0),
        (person["person_id"], person["email"], 7.0),
    ]
