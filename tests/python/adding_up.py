"""Whether the rows behind the figures of a dashboard add up to them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from scripts.clauses import bound, names_in
from scripts.dashboards import (
    CHOSEN,
    FIGURE,
    PERIOD,
    Declared,
    behinds,
    name_of,
    read,
)
from scripts.morning.figures import NUMBERS_THAT_NAME, is_figure

PERIODS = (("2024-11-01", "2025-03-31"), ("2025-04-01", "2025-12-31"))


def add_up(db: sqlite3.Connection, path: Path) -> Counter:
    """Assert it without a filter, with each and with all of them.

    Gives how many figures had rows that were counted, and rows that were summed.
    """
    declared = read(path)
    kinds: Counter = Counter()
    for chosen in _choices(db, declared):
        for name, chart in declared["charts"].items():
            for behind in behinds(chart):
                kinds += _check_chart(db, name, chart, behind, chosen)
    return kinds


def without_rows(db: sqlite3.Connection, path: Path) -> set[str]:
    """Return the figures of a page that lead nowhere, as `page.chart.column`.

    A figure is what a metric or chart shows, and each column of numbers of a table;
    a table without any has to have one column that leads on.
    """
    declared = read(path)
    found = set()
    for name, chart in declared["charts"].items():
        led = {column for behind in behinds(chart) for column in behind["figures"]}
        place = f"{name_of(path)}.{name}"
        if chart["library"] == "markdown":
            continue
        if chart["library"] == "metric":
            columns = {chart["display"]["field"]}
        elif chart["library"] == "vega-lite":
            encoding = chart["display"]["encoding"]
            columns = {
                channel["field"]
                for channel in encoding.values()
                if channel.get("type") == "quantitative"
            }
            drawn = next(iter(led), None)  # a bar leads to the first of them
            if not led or drawn not in columns:
                found.add(f"{place}: {drawn} is not drawn")
        else:
            rows = _answer(db, *bound(chart["query"], {}))
            columns = {
                column
                for row in rows
                for column, value in row.items()
                if is_figure(value)
                and column not in NUMBERS_THAT_NAME
                and not column.startswith("_")
            }
            if not led:
                found.add(place)
        found |= {f"{place}.{column}" for column in columns - led}
    return found


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


def _measured(what: Declared, rows: list[Any]) -> tuple[float | None, float]:
    """What a share, mean … of rows is, and how far the figure may be rounded off."""
    kind, column = next(iter(what.items()))
    values = [row[column] for row in rows if row[column] is not None]
    if kind == "distinct":
        return len(set(values)), 0
    if kind == "share":
        whole = sum(row[what["of"]] or 0 for row in rows) if "of" in what else len(rows)
        return (100 * sum(values) / whole if whole else None), 0.051
    known = {"mean": mean, "median": median}[kind]
    return (known(values) if values else None), 0.051


def _check(figure: Any, what: Any, rows: list[Any], text: str) -> None:
    if isinstance(what, dict):
        found, off = _measured(what, rows)
        assert found == pytest.approx(float(figure), abs=off), text
    elif what == "explained":
        assert rows or not figure or figure in ("0", "nothing"), text
    elif what == "count":
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
        assert total == pytest.approx(figure, abs=0.00501), text


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
        rows = []
        if FIGURE not in names_in(behind["query"]):
            rows = _answer(db, *bound(behind["query"], values))
        for column, what in behind["figures"].items():
            if FIGURE in names_in(behind["query"]):
                values[FIGURE] = column
                rows = _answer(db, *bound(behind["query"], values))
            if row[column] is not None:
                _check(row[column], what, rows, f"{name} {column} {values} {row}")
                kind = "count" if what == "count" else "summed"
                kinds[kind if isinstance(what, str) else next(iter(what))] += bool(rows)
    return kinds
