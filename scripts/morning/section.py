"""A dashboard as HTML: its figures, charts and tables, for any page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scripts.clauses import bound, names_in
from scripts.dashboards import Declared, name_of, parameters
from scripts.morning import masks
from scripts.morning.charts import chart
from scripts.morning.encoding import NotDrawnError, Row
from scripts.morning.figures import LONGEST, cell, is_number, number, words
from scripts.morning.tables import is_nothing, table
from scripts.morning.ways import Ways, linked, ways
from scripts.settings import shown
from scripts.warehouse import QueryError, Warehouse

MOST_ROWS, MOST_SHOWN = 5_000, 100
LIMIT = re.compile(r"\blimit (\d+)\s*$")
"""Where the query of a table ends."""
ENDLESS = 1_000_000_000
NOTHING = "nothing yet"
ENDS = {"from": "first day", "to": "last day"}
"""What the values of a period are, in words."""


@dataclass(frozen=True)
class Choice:
    """What the reader of a page has chosen; nothing on a page that is a file."""

    values: dict[str, Any] = field(default_factory=dict)
    """What is bound in queries."""
    chosen: dict[str, str] = field(default_factory=dict)
    """The same, as addresses have it."""
    address: str = ""
    """Below it are the rows of each chart; '' where no page has them."""


class Section:
    """What a page shows of one dashboard."""

    def __init__(
        self,
        warehouse: Warehouse,
        hidden: masks.Masks | None,
        path: Path,
        declared: Declared | None,
        choice: Choice | None = None,
        room: int = ENDLESS,
        level: int = 3,
    ) -> None:
        self._warehouse, self._hidden = warehouse, hidden
        self._path, self._declared, self._room = path, declared or {}, room
        self._is_broken = declared is None
        self._choice = choice or Choice()
        self._level = level
        self.title = words(self._declared.get("title") or name_of(path))
        self.warnings: list[str] = []

    def description(self) -> str:
        """Return what the dashboard is of."""
        text = self._declared.get("description")
        return f'<p class="soft">{words(text)}</p>' if text else ""

    def body(self) -> str:
        """Return its charts; `level` is that of their headings."""
        return "".join(self._body())

    def _body(self) -> Iterator[str]:
        if self._is_broken:
            name = words(shown(self._path))
            yield f'<p class="wrong">{name} cannot be read.</p>'
            return
        if not is_filled(self._warehouse, self._declared):
            yield f"<p>{NOTHING.capitalize()}.</p>"
            return
        yield from self._charts()

    def _charts(self) -> Iterator[str]:
        metrics: list[str] = []
        cards: list[str] = []
        for name, is_whole in _order(self._declared):
            declared = self._declared["charts"][name]
            if declared["library"] == "metric":
                if cards:
                    yield f'<div class="grid">{"".join(cards)}</div>'
                    cards = []
                metrics.append(self._metric(name, declared))
                continue
            if metrics:
                yield f"<dl>{''.join(metrics)}</dl>"
                metrics = []
            card = self._card(name, declared, is_whole)
            self._room -= size_of(card)
            if self._room < 0:
                left_out = f"{name} and what follows: the page would be too large"
                yield f'<p class="more">Left out: {words(left_out)}.</p>'
                break
            cards.append(card)
        if metrics:
            yield f"<dl>{''.join(metrics)}</dl>"
        if cards:
            yield f'<div class="grid">{"".join(cards)}</div>'

    def _rows(self, declared: Declared) -> tuple[list[str], list[Row]]:
        """Return what a chart shows; raises QueryError."""
        query, values = bound(declared.get("query", ""), self._choice.values)
        if self._hidden:
            self._hidden.hide(query)
        columns, rows = self._warehouse.named_rows(query, MOST_ROWS, values)
        for place, column in enumerate(columns):  # each has a name of its own
            if column in columns[:place]:
                columns[place] = f"{column} {place + 1}"
        return columns, [dict(zip(columns, row, strict=True)) for row in rows]

    def _fails(self, name: str, error: Exception) -> str:
        problem = str(error).removeprefix(f"{self._warehouse.name}: ")[:LONGEST]
        self.warnings.append(f"{shown(self._path)}: {name}: {problem}")
        return f'<span class="wrong">Cannot be answered: {words(problem)}</span>'

    def _metric(self, name: str, declared: Declared) -> str:
        title, kind = str(declared.get("title") or name), ""
        try:
            columns, rows = self._rows(declared)
            title = _titled(title, declared, rows)
            display = declared.get("display") or {}
            column = display.get("field") or (columns[0] if columns else "")
            value = rows[0].get(column) if rows else None
            figure = _figure(value, display, declared)
            way = "" if is_nothing(value) else self._ways(name, declared).all()
            text = linked(figure, way)
            kind = ' class="long"' if len(str(value)) > 9 else ""
        except Exception as error:
            text = self._fails(name, error)
        unfiltered = self._unfiltered(declared)
        return f"<div><dt>{words(title)}</dt><dd{kind}>{text}</dd>{unfiltered}</div>"

    def _card(self, name: str, declared: Declared, is_whole: bool) -> str:
        title = str(declared.get("title") or name)
        try:
            title, body = self._drawn(name, title, declared)
            body += self._unfiltered(declared)
        except Exception as error:  # whatever one shows, the others are shown
            body = self._fails(name, error)
        kind = "card whole" if is_whole else "card"
        head = f"<h{self._level}>{words(title)}</h{self._level}>"
        return f'<div class="{kind}">{head}{body}</div>'

    def _ways(self, name: str, declared: Declared) -> Ways:
        address = self._choice.address
        below = f"{address}/{quote(name, safe='')}/rows" if address else ""
        return ways(below, self._choice.chosen, declared)

    def _unfiltered(self, declared: Declared) -> str:
        """Return what was chosen and makes no difference to a chart."""
        if declared["library"] == "markdown":
            return ""
        used = names_in(declared.get("query", ""))
        missed, parts = [], []
        for name, choice in self._declared.get("filters", {}).items():
            title = words(str(choice.get("title") or name).lower())
            given = self._choice.values.keys() & set(parameters(name, choice))
            if given and not given & used:
                missed.append(title)
            elif given - used:  # the newest month until a day has no first day
                ends = " and ".join(ENDS[key] for key in sorted(given & used))
                parts.append(f"Of the {title} only the {ends} counts.")
        if missed:
            parts.insert(0, f"Not filtered by {', '.join(missed)}.")
        element = "dd" if declared["library"] == "metric" else "p"
        return f'<{element} class="more">{" ".join(parts)}</{element}>' if parts else ""

    def _drawn(self, name: str, title: str, declared: Declared) -> tuple[str, str]:
        """Return the title, as it is of the rows, and the chart."""
        display = declared.get("display") or {}
        if declared["library"] == "markdown":
            text = str(display.get("text") or display.get("content") or "")
            lines = (f"<p>{words(line)}</p>" for line in text.splitlines() if line)
            return title, "".join(lines)
        declared, most = _and_one_more(declared)
        columns, rows = self._rows(declared)
        if not rows:
            return title, f"<p>{words(_empty(declared))}.</p>"
        title = _titled(title, declared, rows)
        to_rows = self._ways(name, declared)
        if declared["library"] == "vega-lite":
            try:
                return title, chart(title, display, columns, rows, to_rows)
            except NotDrawnError:
                pass  # its rows say the same
        return title, table(title, columns, rows, most, to_rows)


def is_filled(warehouse: Warehouse, declared: Declared) -> bool:
    """Whether there is what a dashboard is of: its tables, and rows in one of them."""
    if not set(declared["tables"]) <= warehouse.tables() | warehouse.views():
        return False
    if not (filled := declared.get("filled")):
        return True
    name = str(filled).replace('"', '""')
    try:
        return bool(warehouse.rows(f'select 1 from "{name}" limit 1'))
    except QueryError:
        return False


def _order(declared: Declared) -> Iterator[tuple[str, bool]]:
    """Give each chart once, in the order of the layout, and if it takes a row."""
    charts = declared["charts"]
    done = {"."}
    for row in declared.get("layout") or [[name] for name in charts]:
        for name in row:
            if name not in done:
                done.add(name)
                yield name, row.count(name) == len(row)


def _and_one_more(declared: Declared) -> tuple[Declared, int]:
    """Return a table with a query for a row beyond its limit, and the limit.

    By that row it is known that there are more.
    """
    query = str(declared.get("query", ""))
    limit = LIMIT.search(query)
    if declared["library"] != "table" or not limit:
        return declared, MOST_SHOWN
    most = int(limit[1])
    return {**declared, "query": f"{query[: limit.start()]}limit {most + 1}"}, most


def _titled(title: str, declared: Declared, rows: list[Row]) -> str:
    """Return a title with what the rows are of, such as a month."""
    column = str(declared.get("of"))
    found = sorted({str(row[column]) for row in rows if row.get(column)})
    return f"{title}: {', '.join(found)}" if found else title


def _empty(declared: Declared) -> str:
    return str(declared.get("empty") or NOTHING).capitalize()


def _figure(value: Any, display: dict[str, Any], declared: Declared) -> str:
    """Return the value of a metric as HTML; each of several amounts on a line."""
    if value is None or value == "":
        return f'<span class="none">{words(_empty(declared))}</span>'
    before, after = (words(display.get(key) or "") for key in ("prefix", "suffix"))
    if is_number(value):
        return f"{before}{number(value)}{after}"
    parts: Iterable[str] = str(value).split(" + ")
    return "".join(f"<span>{before}{cell(part)}{after}</span>" for part in parts)


def size_of(html: str) -> int:
    """Return how many bytes HTML takes in a file."""
    return len(html.encode(errors="backslashreplace"))
