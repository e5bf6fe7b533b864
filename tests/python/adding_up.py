"""Whether the rows behind the figures of a dashboard add up to them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.clauses import bound, names_in
from scripts.dashboards import CHOSEN, PERIOD, Declared, read

PERIODS = (("2024-11-01", "2025-03-31"), ("2025-04-01", "2025-12-31"))


def add_up(db: sqlite3.Connection, path: Path) -> Counter:
    """Assert it without a filter, with each and with all of them.

    Gives how many figures had rows that were counted, and rows that were summed.
    """
    declared = read(path)
    kinds: Counter = Counter()
    for chosen in _choices(db, declared):
        for name, chart in declared["charts"].items():
            if behind := chart.get("rows"):
                kinds += _check_chart(db, name, chart, behind, chosen)
    return kinds


def _answer(db: sqlite3.Connection, sql: str, values: dict[str, Any]) -> list[Any]:
    found = db.execute(sql, values)
    columns = [name for name, *_ in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found]


def _choices(db: sqlite3.Connection, declared: Declared) -> Iterator[dict[str, Any]]:
    """Nothing, each filter with two of its choices, and one choice of each at once."""
    yield {}
    firsts: dict[str, Any] = {}
    for name, filter_ in declared["filters"].items():
        if filter_["kind"] == "period":
            found = [dict(zip(PERIOD, days, strict=True)) for days in PERIODS]
        else:
            rows = db.execute(filter_["query"]).fetchall()
            found = [{name: row[0]} for row in rows[:: max(1, len(rows) // 2)]]
        yield from found
        for first in found[-1:]:
            firsts |= first
    yield firsts


def _in_words(amounts: str) -> Counter:
    """What a metric says of several currencies: `USD 1,200 + EUR 3`."""
    found: Counter = Counter()
    for part in amounts.split(" + "):
        currency, _, amount = part.rpartition(" ")
        found[currency.removeprefix("of ")] = int(amount.replace(",", ""))
    return found


def _check(figure: Any, what: str, rows: list[Any], text: str) -> None:
    if what == "count":
        assert len(rows) == figure, text
    elif isinstance(figure, str):
        sums: Counter = Counter()
        for row in rows:
            sums[row["currency"]] += row[what] or 0
        for currency, amount in _in_words(figure).items():
            assert abs(sums.pop(currency) - amount) <= 0.5, text
        assert not any(sums.values()), text
    else:
        total = sum(row[what] or 0 for row in rows)
        assert total == pytest.approx(figure, abs=0.005), text


def _check_chart(
    db: sqlite3.Connection,
    name: str,
    chart: Declared,
    behind: Declared,
    chosen: dict[str, Any],
) -> Counter:
    kinds: Counter = Counter()
    for row in _answer(db, *bound(chart["query"], chosen)):
        values = dict(chosen)
        for key in names_in(behind["query"]):
            if key.startswith(CHOSEN) and (column := key.removeprefix(CHOSEN)) in row:
                # as an address has it
                values[key] = None if row[column] is None else str(row[column])
        rows = _answer(db, *bound(behind["query"], values))
        for column, what in behind["figures"].items():
            if row[column] is not None:
                _check(row[column], what, rows, f"{name} {column} {values} {row}")
                kinds["count" if what == "count" else "summed"] += len(rows) > 0
    return kinds
