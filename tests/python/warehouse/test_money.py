"""Amounts in the units of their currency, in every domain and on both engines.

Expectations are read by hand and computed with Decimal.
"""

from __future__ import annotations

import csv
import io
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import duckdb
import pytest

from scripts.settings import PROJECT

from .warehouse import Project, Warehouse

with (PROJECT / "seeds/reference/currencies.csv").open(encoding="utf-8") as _lines:
    DECIMALS = {row["code"]: int(row["decimals"]) for row in csv.DictReader(_lines)}

# amount and currency as delivered: the amount, its currency
CELLS: dict[str, tuple[str, str, str, str | None]] = {
    "O01": ("1200", "JPY", "1200", "JPY"),
    "O02": ("1.234", "KWD", "1.234", "KWD"),
    "O03": ("99.99", "", "99.99", "USD"),
    "O04": ("1199.5", "JPY", "1199.5", "JPY"),
    "O05": ("-0.0005", "BHD", "-0.0005", "BHD"),
    "O06": ("CHF 1200.-", "", "1200", "CHF"),
    "O07": ("0.00015", "CLF", "0.00015", "CLF"),
    "O08": ("(1,234.50)", "", "-1234.50", "USD"),
    "O09": ("12-", "eur", "-12", "EUR"),
    "O10": ("ISK 1,200.-", "", "1200", "ISK"),
    "O11": ("92233720368547", "XOF", "92233720368547", "XOF"),
    "O12": ("2.5", "XTS", "2.5", None),  # which no list has
}


def minor(amount: str, currency: str | None) -> int:
    unit = Decimal(1).scaleb(-DECIMALS.get(currency or "", 2))
    rounded = Decimal(amount).quantize(unit, ROUND_HALF_UP)
    return int(rounded / unit)


REPORTING = "EUR"
RATES = [
    # direct and reciprocal, of few and of many digits, with gaps
    ("2025-01-02", "EUR", "USD", "1.0837"),
    ("2025-01-10", "EUR", "USD", "1.1"),
    ("2025-06-30", "USD", "EUR", "0.912345678901"),
    ("2025-06-30", "EUR", "USD", "9"),
    ("2025-01-02", "JPY", "EUR", "0.0062"),
    ("2025-03-01", "EUR", "JPY", "162.35"),
    ("2025-02-01", "EUR", "KWD", "0.3345"),
    ("2025-02-01", "EUR", "IDR", "17895.42"),
    ("2025-02-02", "IRR", "EUR", "0.000000893"),
    ("2025-02-02", "GBP", "EUR", "1"),
    ("2025-02-02", "CLF", "EUR", "36"),
    ("2025-12-24", "CHF", "EUR", "1.07"),
    # of no use: not to or from the reporting currency
    ("2025-02-02", "GBP", "SEK", "13"),
]


def deals_of_days() -> list[tuple[str, str, str, str]]:
    """Identifier, amount in main units, currency and day of close."""
    chance = random.Random("money")
    known = [*{c for rate in RATES for c in rate[1:3]}]
    found = []
    for number in range(400):
        currency = chance.choice(sorted(known))
        digits = chance.choice((3, 5, 7, 10, 13))
        amount = Decimal(chance.randrange(10**digits)).scaleb(
            -DECIMALS.get(currency or "", 2)
        )
        day = date(2024, 12, 20) + timedelta(days=chance.randrange(420))
        sign = chance.choice((1, 1, -1))
        found.append((f"R{number:03}", f"{sign * amount:f}", currency, str(day)))
    # a half of a cent each way
    found.append(("R900", "0.50", "GBP", "2025-02-03"))
    found.append(("R901", "50", "IDR", "2025-02-03"))
    return found


def converted(amount: str, currency: str, day: str) -> tuple[int | None, str | None]:
    """The amount in minor units of the reporting currency, and the rate's day."""
    units = minor(amount, currency)
    if currency == REPORTING:
        return units, None
    direct = {d: Decimal(r) for d, a, b, r in RATES if (a, b) == (currency, REPORTING)}
    of_12 = Context(prec=12, rounding=ROUND_HALF_UP)
    other = {
        d: of_12.divide(Decimal(1), Decimal(r))
        for d, a, b, r in RATES
        if (a, b) == (REPORTING, currency)
    }
    days = [d for d in direct | other if d <= day]
    if not days:
        return None, None
    rate = (other | direct)[max(days)]
    scale = DECIMALS[REPORTING] - DECIMALS[currency]
    exact = Context(prec=60).multiply(Decimal(units).scaleb(scale), rate)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP)), max(days)


def crm(warehouse: Warehouse) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [("id", "company_id", "stage", "amount", "currency", "close_date")]
        + [(i, "C1", "Qualification", *c[:2], "") for i, c in CELLS.items()]
        + [
            (i, "C1", "Qualification", amount, currency, day)
            for i, amount, currency, day in deals_of_days()
        ]
    )
    warehouse.deliver("opportunities.csv", text.getvalue())
    warehouse.deliver(
        "companies.csv", "id,name,annual_revenue,currency\nC1,Acme,1000.5,KWD\n"
    )
    warehouse.land()
    given = ", ".join(f"('{day}', '{a}', '{b}', '{r}')" for day, a, b, r in RATES)
    engine = sqlite3 if warehouse.engine == "sqlite" else duckdb
    with closing(engine.connect(warehouse.database)) as db:
        db.execute(f"insert into fx_rates values {given}")
        db.commit()
    warehouse._compiled = {}  # that of other tests is without a reporting currency
    os.environ["WAREHOUSE_REPORTING_CURRENCY"] = REPORTING
    try:
        warehouse.build_models("int_fx_rates__daily")
    finally:
        del os.environ["WAREHOUSE_REPORTING_CURRENCY"]


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("duckdb", marks=pytest.mark.long)],
)
def deals(
    request: pytest.FixtureRequest,
    filled_once: Callable[[Any, str, str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Warehouse:
    made = filled_once(crm, request.param, "crm")
    return Warehouse(tmp_path_factory.mktemp("money") / "w", made, "crm")


def test_units_are_those_of_iso_4217() -> None:
    """As another library has them, but for what ISO 4217 has changed since."""
    numbers = pytest.importorskip("babel.numbers")
    given = {code: numbers.get_currency_precision(code) for code in DECIMALS}
    # the minor units that are no longer minted, which CLDR leaves out
    unminted = {
        *("AFN", "ALL", "IQD", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD"),
        *("SOS", "SYP", "YER", "COP", "CRC", "IDR", "UZS", "PKR", "AMD", "TZS"),
    }
    wrong = {c for c, d in DECIMALS.items() if given[c] != d} - unminted
    assert wrong == set()


def test_deals_are_in_minor_and_main_units(deals: Warehouse) -> None:
    expected = {
        i: (currency, minor(amount, currency))
        for i, (*_, amount, currency) in CELLS.items()
    }
    for table in ("fct_opportunities", "dim_opportunities_history"):
        found = deals.query(
            "select opportunity_id, currency_code, amount_minor, amount, amount_cents"
            f" from {table} where opportunity_id like 'O%' order by 1"
        )
        assert {i: (c, m) for i, c, m, *_ in found} == expected
        for deal, currency, units, main, cents in found:
            scale = Decimal(1).scaleb(-DECIMALS.get(currency or "", 2))
            assert Decimal(repr(main)).quantize(scale) == units * scale, deal
            assert cents == minor(CELLS[deal][2], None)


def test_deals_are_converted_by_the_rate_of_their_day(deals: Warehouse) -> None:
    expected = {i: converted(*deal) for i, *deal in deals_of_days()}
    found = deals.query(
        "select opportunity_id, amount_reporting_minor, rate_date, amount_reporting"
        " from fct_opportunities where opportunity_id like 'R%'"
    )
    assert {i: (units, day) for i, units, day, _ in found} == expected
    assert {units for units, _ in expected.values()} >= {None, 50}
    for _, units, _, main in found:
        assert units is None or Decimal(repr(main)).quantize(Decimal(".01")) == (
            Decimal(units).scaleb(-2)
        )


def test_revenue_of_companies_has_its_units(deals: Warehouse) -> None:
    for table in ("dim_companies", "dim_companies_history"):
        assert deals.query(
            "select annual_revenue, annual_revenue_minor, annual_revenue_cents,"
            f" annual_revenue_currency from {table}"
        ) == [(1000.5, 1000500, 100050, "KWD")]
