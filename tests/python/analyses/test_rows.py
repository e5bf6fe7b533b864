"""Behind each figure of the dashboards are rows, and they add up to it, over samples,
odd records and a company. Those of leads and prospects: `operations/test_boards.py`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from scripts import settings
from scripts.clauses import whole
from scripts.dashboards import DASHBOARDS, names, read
from scripts.morning.masks import Masks
from scripts.warehouse import Warehouse, opened
from tests.python.adding_up import add_up, without_rows

pytestmark = pytest.mark.long

ELSEWHERE = {"3_leads", "4_prospects"}
NO_ROWS = {
    "identity.drift.from_records": "what was learned from is not kept",
    "identity.drift.not_checked": "which records were not compared is not kept",
    "morning.sources.limit": "a setting",
    "operations.ingestion.skipped": "a known file is with the run it landed in",
}
"""Figures without rows behind them, each with the reason."""
AMOUNTS = {"1_pipeline", "5_sales", "7_money", "7_owners"}
"""Dashboards that have figures whose rows are summed."""


@pytest.mark.parametrize(
    "path", [p for p in names() if p.stem not in ELSEWHERE], ids=lambda path: path.stem
)
def test_rows_add_up_to_their_figures(
    warehouse: sqlite3.Connection, company_warehouse: sqlite3.Connection, path: Path
) -> None:
    kinds = add_up(warehouse, path) + add_up(company_warehouse, path)
    assert kinds["count"] > 0
    assert (kinds["summed"] > 0) >= (path.stem in AMOUNTS)


def test_each_figure_leads_to_rows(
    warehouse: sqlite3.Connection, company_warehouse: sqlite3.Connection
) -> None:
    found = set()
    for path in names():
        found |= without_rows(warehouse, path) | without_rows(company_warehouse, path)
    assert found == NO_ROWS.keys()


def test_owners_of_one_name_are_told_apart(
    company_warehouse: sqlite3.Connection,
) -> None:
    """Gwen Parry is a user of Salesforce, and a name in the deals of HubSpot."""
    sql = "select owner_label from dim_owners where owner_name = 'Gwen Parry'"
    assert sorted(map(tuple, company_warehouse.execute(sql))) == [
        ("Gwen Parry (gwen-parry@sensors.example)",),
        ("Gwen Parry (hubspot)",),
    ]
    ((owners, labels),) = company_warehouse.execute(
        "select count(*), count(distinct owner_label) from dim_owners"
    )
    assert owners == labels > 2
    chart = read(DASHBOARDS / "7_owners.yml")["charts"]["rates"]
    rates = company_warehouse.execute(whole(chart["query"])).fetchall()
    assert len({owner for owner, *_ in rates if "Gwen" in owner}) == 2


@pytest.mark.parametrize("path", names(), ids=lambda path: path.stem)
def test_masks_change_no_figure(
    company_warehouse: sqlite3.Connection, company_folder: Path, path: Path
) -> None:
    """Also where a query asks for a text, such as the source `nobody known`."""
    declared = read(path)
    queries = [whole(chart["query"]) for chart in declared["charts"].values()]
    chosen = settings.Settings("dev", company_folder, company_folder / "company.db")
    with opened(chosen) as plain, opened(chosen) as masked:
        hidden = Masks(masked, declared["shown"])
        for query in queries:
            hidden.hide(query)
            assert _figures(masked, query) == _figures(plain, query), query


def _figures(warehouse: Warehouse, query: str) -> list[str]:
    _, rows = warehouse.named_rows(query, 10_000)
    return sorted(str([v for v in row if isinstance(v, int | float)]) for row in rows)
