"""Amounts in the units of their currency, in every domain and on both engines.

Expectations are read by hand and computed with Decimal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

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
    "O12": ("2.5", "XTS", "2.5", "USD"),
}


def minor(amount: str, currency: str | None) -> int:
    unit = Decimal(1).scaleb(-DECIMALS.get(currency or "", 2))
    rounded = Decimal(amount).quantize(unit, ROUND_HALF_UP)
    return int(rounded / unit)


def crm(warehouse: Warehouse) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [("id", "company_id", "stage", "amount", "currency")]
        + [(i, "C1", "Qualification", *c[:2]) for i, c in CELLS.items()]
    )
    warehouse.deliver("opportunities.csv", text.getvalue())
    warehouse.deliver(
        "companies.csv", "id,name,annual_revenue,currency\nC1,Acme,1000.5,KWD\n"
    )
    warehouse.land()
    warehouse.build_models()


@pytest.fixture(scope="module", params=["sqlite", "duckdb"])
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
            f" from {table} order by 1"
        )
        assert {i: (c, m) for i, c, m, *_ in found} == expected
        for deal, currency, units, main, cents in found:
            scale = Decimal(1).scaleb(-DECIMALS[currency])
            assert Decimal(repr(main)).quantize(scale) == units * scale, deal
            assert cents == minor(CELLS[deal][2], None)


def test_revenue_of_companies_has_its_units(deals: Warehouse) -> None:
    for table in ("dim_companies", "dim_companies_history"):
        assert deals.query(
            "select annual_revenue, annual_revenue_minor, annual_revenue_cents,"
            f" annual_revenue_currency from {table}"
        ) == [(1000.5, 1000500, 100050, "KWD")]
