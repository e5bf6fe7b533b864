"""Links from a figure to the rows behind it, on pages that have such rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

from scripts.clauses import names_in
from scripts.dashboards import CHOSEN, FIGURE, Declared, behinds
from scripts.morning.encoding import Row
from scripts.morning.figures import words


@dataclass(frozen=True)
class Ways:
    """The ways from the figures of one chart; none from a page without an address."""

    address: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """The filters, as addresses have them."""
    figures: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The columns of the chart that have rows, each with the columns whose values
    choose them. The first is what a chart draws."""

    def to(
        self, rows: Iterable[Row], leaving: Iterable[str] = (), figure: str = ""
    ) -> str:
        """Return the address of the rows behind some rows of the chart; '' if none.

        `leaving` are columns of which any value counts. Without a `figure` it is that
        which the chart draws.
        """
        figure = figure or next(iter(self.figures), "")
        if figure not in self.figures:
            return ""
        found = dict(self.chosen)
        if len(self.figures) > 1:
            found[FIGURE] = figure
        rows = list(rows)
        for column in sorted(self.figures[figure].difference(leaving)):
            values = {row.get(column) for row in rows}
            if len(values) != 1:  # others, which no value names
                return ""
            (value,) = values
            found[CHOSEN + column] = "" if value is None else str(value)
        return f"{self.address}?{urlencode(found)}" if found else self.address

    def all(self) -> str:
        """Return the address of all rows of the chart; '' if there is none."""
        return self.to([], frozenset().union(*self.figures.values()))


def ways(address: str, chosen: Mapping[str, str], chart: Declared) -> Ways:
    """Return the ways from a chart, to pages below `address`."""
    figures = {}
    for behind in behinds(chart) if address else ():
        chosen_by = {n for n in names_in(behind["query"]) if n.startswith(CHOSEN)}
        columns = frozenset(n.removeprefix(CHOSEN) for n in chosen_by - {FIGURE})
        figures.update(dict.fromkeys(map(str, behind["figures"]), columns))
    return Ways(address, chosen, figures)


def linked(html: str, address: str, label: str = "") -> str:
    """Return HTML as a link to an address, if there is one.

    `label` is what is read aloud of a link without words.
    """
    if not address:
        return html
    aloud = f' aria-label="{words(label)}"' if label else ""
    return f'<a href="{escape(address)}"{aloud}>{html}</a>'


def value_of(text: str) -> Any:
    """Return what an address says of a column, as the database compares it."""
    return text or None
