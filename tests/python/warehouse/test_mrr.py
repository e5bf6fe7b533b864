# ruff: noqa: E501  - rows of files, as they are
"""Monthly recurring revenue against a calculation of its own.

The oracle asks for each month and subscription what is paid at its end; the models add
up changes. It reads the rows below with `csv` and `decimal` alone.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest

from scripts.ingest.clock import VARIABLE

from .conftest import at_home
from .warehouse import ENGINES, Project, Warehouse

HEADER = (
    "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start Date (UTC),"
    "Current Period Start (UTC),Current Period End (UTC),Trial Start (UTC),Trial End (UTC),"
    "Coupon,Canceled At (UTC),Ended At (UTC),Cancel At Period End\n"
)
FIRST = HEADER + (
    "s_month,c1,pro,1,usd,month,49.00,active,2025-01-05 09:00,2025-01-05 09:00,2025-06-05 09:00,2025-07-05 09:00,,,,,,false\n"
    "s_year,c2,pro,1,usd,year,100.00,active,2025-01-20 09:00,2025-01-20 09:00,2025-01-20 09:00,2026-01-20 09:00,,,,,,false\n"
    "s_week,c3,pro,1,usd,week,7.00,active,2025-02-01 00:00,2025-02-01 00:00,2025-06-07 00:00,2025-06-14 00:00,,,,,,false\n"
    "s_day,c4,pro,1,eur,day,1.00,active,2025-02-28 23:59,2025-02-28 23:59,2025-06-10 00:00,2025-06-11 00:00,,,,,,false\n"
    "s_seats,c5,pro,3,usd,month,10.00,past_due,2025-03-01 00:00,2025-03-01 00:00,2025-06-01 00:00,2025-07-01 00:00,,,,,,false\n"
    # a trial that is over, one that ends between the files, one that never does
    "s_tried,c6,pro,1,usd,month,20.00,active,2025-01-25 09:00,2025-01-25 09:00,2025-06-08 09:00,2025-07-08 09:00,2025-01-25 09:00,2025-02-08 09:00,,,,false\n"
    "s_trial,c7,pro,1,usd,month,30.00,trialing,2025-06-05 09:00,2025-06-05 09:00,2025-06-05 09:00,2025-07-05 09:00,2025-06-05 09:00,2025-07-05 09:00,,,,false\n"
    "s_left,c8,pro,1,usd,month,30.00,trialing,2025-06-06 09:00,2025-06-06 09:00,2025-06-06 09:00,2025-07-06 09:00,2025-06-06 09:00,2025-07-06 09:00,,,,false\n"
    # trials whose end is told otherwise later: sooner, later, with another price
    "s_early,c18,pro,1,usd,month,31.00,trialing,2025-06-05 09:00,2025-06-05 09:00,2025-06-05 09:00,2025-08-05 09:00,2025-06-05 09:00,2025-08-05 09:00,,,,false\n"
    "s_longer,c19,pro,1,usd,month,32.00,trialing,2025-06-05 09:00,2025-06-05 09:00,2025-06-05 09:00,2025-07-05 09:00,2025-06-05 09:00,2025-07-05 09:00,,,,false\n"
    "s_dearer,c20,pro,1,usd,month,33.00,trialing,2025-06-05 09:00,2025-06-05 09:00,2025-06-05 09:00,2025-07-05 09:00,2025-06-05 09:00,2025-07-05 09:00,,,,false\n"
    # ended: at once, with the period, and not yet
    "s_ended,c9,pro,1,usd,month,15.00,canceled,2025-01-10 09:00,2025-01-10 09:00,2025-03-10 09:00,2025-04-10 09:00,,,,2025-03-20 09:00,2025-04-10 09:00,false\n"
    "s_gone,c10,pro,1,usd,month,15.00,canceled,2025-01-10 09:00,2025-01-10 09:00,2025-03-10 09:00,2025-04-10 09:00,,,,2025-03-20 09:00,,false\n"
    "s_ends,c11,pro,1,usd,month,16.00,active,2025-01-10 09:00,2025-01-10 09:00,2025-06-10 09:00,2025-07-10 09:00,,,,2025-06-09 09:00,,true\n"
    # not paid since a period began, and never
    "s_unpaid,c12,pro,1,usd,month,17.00,unpaid,2025-01-10 09:00,2025-01-10 09:00,2025-05-10 09:00,2025-06-10 09:00,,,,,,false\n"
    "s_never,c13,pro,1,usd,month,18.00,incomplete_expired,2025-01-10 09:00,2025-01-10 09:00,2025-01-10 09:00,2025-02-10 09:00,,,,,,false\n"
    # one customer with two, of which one takes the place of the other
    "s_old,c14,pro,1,usd,month,40.00,canceled,2025-01-10 09:00,2025-01-10 09:00,2025-03-10 09:00,2025-04-10 09:00,,,,2025-04-10 09:00,2025-04-10 09:00,false\n"
    "s_next,c14,max,1,usd,month,60.00,active,2025-04-10 09:00,2025-04-10 09:00,2025-06-10 09:00,2025-07-10 09:00,,,,,,false\n"
    "s_yen,c15,pro,1,jpy,year,10000,active,2025-01-10 09:00,2025-01-10 09:00,2025-01-10 09:00,2026-01-10 09:00,,,,,,false\n"
    "s_odd,c16,pro,1,usd,fortnite,10.00,active,2025-01-10 09:00,2025-01-10 09:00,2025-01-10 09:00,2026-01-10 09:00,,,,,,false\n"
    "s_off,c17,pro,1,usd,month,10.00,active,2025-01-10 09:00,2025-01-10 09:00,2025-06-10 09:00,2025-07-10 09:00,,,SPRING,,,false\n"
)
SECOND = HEADER + (
    # another plan, fewer seats, paused, and what was said of trials and ends
    "s_month,c1,max,1,usd,month,99.00,active,2025-01-05 09:00,2025-01-05 09:00,2025-09-05 09:00,2025-10-05 09:00,,,,,,false\n"
    "s_seats,c5,pro,2,usd,month,10.00,active,2025-03-01 00:00,2025-03-01 00:00,2025-09-01 00:00,2025-10-01 00:00,,,,,,false\n"
    "s_trial,c7,pro,1,usd,month,30.00,active,2025-06-05 09:00,2025-06-05 09:00,2025-09-05 09:00,2025-10-05 09:00,2025-06-05 09:00,2025-07-05 09:00,,,,false\n"
    "s_left,c8,pro,1,usd,month,30.00,canceled,2025-06-06 09:00,2025-06-06 09:00,2025-06-06 09:00,2025-07-06 09:00,2025-06-06 09:00,2025-07-06 09:00,,2025-07-01 09:00,2025-07-01 09:00,false\n"
    "s_week,c3,pro,1,usd,week,7.00,paused,2025-02-01 00:00,2025-02-01 00:00,2025-08-02 00:00,2025-08-09 00:00,,,,,,false\n"
    "s_ends,c11,pro,1,usd,month,16.00,canceled,2025-01-10 09:00,2025-01-10 09:00,2025-06-10 09:00,2025-07-10 09:00,,,,2025-06-09 09:00,2025-07-10 09:00,true\n"
    "s_early,c18,pro,1,usd,month,31.00,active,2025-06-05 09:00,2025-06-05 09:00,2025-09-20 09:00,2025-10-20 09:00,2025-06-05 09:00,2025-06-20 09:00,,,,false\n"
    "s_longer,c19,pro,1,usd,month,32.00,trialing,2025-06-05 09:00,2025-06-05 09:00,2025-06-05 09:00,2025-11-05 09:00,2025-06-05 09:00,2025-11-05 09:00,,,,false\n"
    "s_dearer,c20,max,1,usd,month,44.00,active,2025-06-05 09:00,2025-06-05 09:00,2025-09-05 09:00,2025-10-05 09:00,2025-06-05 09:00,2025-07-05 09:00,,,,false\n"
    # who had left comes back with another subscription
    "s_again,c9,pro,1,usd,month,25.00,active,2025-09-01 09:00,2025-09-01 09:00,2025-09-01 09:00,2025-10-01 09:00,,,,,,false\n"
)
THIRD = HEADER + (
    "s_week,c3,pro,1,usd,week,7.00,active,2025-02-01 00:00,2025-02-01 00:00,2025-12-06 00:00,2025-12-13 00:00,,,,,,false\n"
    "s_year,c2,pro,1,usd,year,100.00,canceled,2025-01-20 09:00,2025-01-20 09:00,2025-01-20 09:00,2026-01-20 09:00,,,,2025-10-15 09:00,2025-10-15 09:00,false\n"
)
DELIVERIES = [
    ("2025-06-12T00:00:00Z", FIRST),
    ("2025-09-20T00:00:00Z", SECOND),
    ("2025-12-10T00:00:00Z", THIRD),
]
INTERVALS = {"day": 365, "week": 52, "month": 12, "year": 1}
DECIMALS = {"jpy": 0}
LAYERS = ("staging", "intermediate", "marts")


def monthly(row: dict[str, str]) -> int:
    per_year = INTERVALS.get(row["Interval"], 0)
    scale = 10 ** DECIMALS.get(row["Currency"], 2)
    amount = Decimal(row["Amount"]) * int(row["Quantity"]) * scale * per_year / 12
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def begins(row: dict[str, str], seen: str, last_trial: str) -> str | None:
    start, trial = row["Start Date (UTC)"], row["Trial End (UTC)"]
    if row["Status"] == "incomplete_expired":
        return None
    if row["Status"] == "trialing":
        return last_trial if last_trial > seen else None
    return max(start, trial)


def ends(row: dict[str, str]) -> str | None:
    if row["Ended At (UTC)"]:
        return row["Ended At (UTC)"]
    if row["Status"] in ("unpaid", "paused"):
        return row["Current Period Start (UTC)"]
    if row["Cancel At Period End"] == "true":
        return row["Current Period End (UTC)"]
    return row["Canceled At (UTC)"] if row["Status"] == "canceled" else None


def paid_since(versions: list[tuple[str, dict[str, str]]], number: int) -> str:
    """Since when a version holds whose trial was over before it was seen."""
    (seen, row), (_, before) = versions[number], versions[number - 1]
    if row["Status"] == "active" and before["Status"] == "trialing":
        return min(seen, row["Trial End (UTC)"])
    return seen


def months(first: str, last: str) -> list[str]:
    found = [first]
    while found[-1] < last:
        year, month = map(int, found[-1].split("-"))
        found.append(f"{year + month // 12}-{month % 12 + 1:02}")
    return found


def paid_by_month(until: int) -> dict[tuple[str, str], dict[str, int]]:
    """Customer and currency → month → what is paid at its end."""
    known: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for at, text in DELIVERIES[:until]:
        for row in csv.DictReader(io.StringIO(text)):
            known[row["id"]].append((at[:16].replace("T", " "), row))
    now = DELIVERIES[until - 1][0][:10]
    paid: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for month in months("2025-01", now[:7]):
        for versions in known.values():
            # what a later file says of an end holds from that end on
            valid = [
                row
                for number, (seen, row) in enumerate(versions)
                if number == 0
                or min(seen, ends(row) or seen, paid_since(versions, number))[:7]
                <= month
            ]
            row = valid[-1]
            seen = next(at for at, each in versions if each is row)
            trial = versions[-1][1]["Trial End (UTC)"]
            start, end = begins(row, seen, trial), ends(row)
            if end and end[:10] > now:
                end = None
            amount = 0
            if start and start[:7] <= month and not (end and end[:7] <= month):
                amount = monthly(row)
            key = (row["Customer ID"], row["Currency"].upper())
            paid[key][month] = paid[key].get(month, 0) + amount
    return paid


def expected(until: int) -> dict[tuple[str, str], dict[str, int]]:
    """Month and currency → kinds of change, opening and closing."""
    report: dict[tuple[str, str], dict[str, int]] = {}
    for (_, currency), by_month in paid_by_month(until).items():
        before, ever = 0, False
        for month, now in sorted(by_month.items()):
            kinds = report.setdefault((month, currency), defaultdict(int))
            kinds["opening"] += before
            kinds["closing"] += now
            if now != before:
                if before == 0:
                    kind = "reactivation" if ever else "new"
                elif now == 0:
                    kind = "churn"
                else:
                    kind = "expansion" if now > before else "contraction"
                kinds[kind] += now - before
            before, ever = now, ever or now > 0
    first: dict[str, str] = {}
    for (month, currency), kinds in sorted(report.items()):
        if kinds["closing"]:
            first.setdefault(currency, month)
    return {
        key: kinds for key, kinds in report.items() if key[0] >= first.get(key[1], "9")
    }


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("mrr") / "warehouse"
    with at_home():
        yield Warehouse(folder, project(request.param), "crm")


KINDS = ("new", "expansion", "contraction", "churn", "reactivation")


def test_every_month_is_that_of_the_oracle(warehouse: Warehouse) -> None:
    """After each delivery: the past is told anew where the dates of a later one say so."""
    folder = warehouse.inbox / "stripe"
    folder.mkdir(parents=True)
    seen = set()
    for number, (at, text) in enumerate(DELIVERIES, start=1):
        (folder / f"subscriptions-{number}.csv").write_text(text, encoding="utf-8")
        with at_home() as patch:
            patch.setenv(VARIABLE, at)
            warehouse.land()
            warehouse.build(
                "--select", "+rpt_mrr_monthly", "int_commerce__row_findings",
                "int_commerce__findings",
                *("stg_ingest__batches", "fct_ingest_batches", "fct_ingest_files"),
            )  # fmt: skip
        columns = ("opening", *KINDS, "closing")
        found = {
            (month, currency): dict(zip(columns, amounts, strict=True))
            for month, currency, *amounts in warehouse.query(
                "select mrr_month, currency_code,"
                f" {', '.join(f'{name}_minor' for name in columns)}"
                " from rpt_mrr_monthly"
            )
        }
        wanted = {
            key: {name: kinds.get(name, 0) for name in columns}
            for key, kinds in expected(number).items()
        }
        assert found == wanted, at
        seen |= {kind for row in wanted.values() for kind in KINDS if row[kind]}
    assert seen == set(KINDS), "each kind of change takes place"
    assert warehouse.query(
        "select closing, closing_minor from rpt_mrr_monthly"
        " where mrr_month = '2025-12' and currency_code = 'JPY'"
    ) == [(833.0, 833)]


def test_what_is_not_understood_is_a_finding(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "select rule, record_id, source_value from int_commerce__findings"
    )
    assert sorted(found) == [
        ("coupon_unknown", "stripe:s_off", "SPRING"),
        ("interval_unknown", "stripe:s_odd", "fortnite"),
    ]


def test_the_end_of_a_trial_decides_and_not_the_day_of_a_file(
    warehouse: Warehouse,
) -> None:
    """By hand: as of the last delivery, of trials that ended between two."""
    assert warehouse.query(
        "select customer_id, mrr_month, change_minor from fct_mrr_changes"
        " where customer_id in ('stripe:c18', 'stripe:c19', 'stripe:c20') order by 1, 2"
    ) == [
        ("stripe:c18", "2025-06", 3100),
        ("stripe:c19", "2025-11", 3200),
        ("stripe:c20", "2025-07", 4400),
    ]
