"""Links from a figure to the rows behind it, on pages that have such rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

from scripts.clauses import names_in
from scripts.dashboards import CHOSEN, Declared
from scripts.morning.encoding import Row
from scripts.morning.figures import words


@dataclass(frozen=True)
class Ways:
    """The ways from the figures of one chart; none from a page without an address."""

    address: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """The filters, as addresses have them."""
    columns: frozenset[str] = frozenset()
    """The columns of the chart whose values choose its rows."""
    figures: tuple[str, ...] = ()
    """The columns of the chart that its rows add up to."""

    def to(self, rows: Iterable[Row], leaving: Iterable[str] = ()) -> str:
        """Return the address of the rows behind some rows of the chart; '' if none.

        `leaving` are columns of which any value counts.
        """
        if not self.address:
            return ""
        found = dict(self.chosen)
        rows = list(rows)
        for column in sorted(self.columns.difference(leaving)):
            values = {row.get(column) for row in rows}
            if len(values) != 1:  # others, which no value names
                return ""
            (value,) = values
            found[CHOSEN + column] = "" if value is None else str(value)
        return f"{self.address}?{urlencode(found)}" if found else self.address

    def all(self) -> str:
        """Return the address of all rows of the chart; '' if there is none."""
        return self.to([], self.columns)


def ways(address: str, chosen: Mapping[str, str], chart: Declared) -> Ways:
    """Return the ways from a chart, to pages below `address`."""
    rows = chart.get("rows")
    if not rows or not address:
        return Ways()
    chosen_by = (n for n in names_in(rows["query"]) if n.startswith(CHOSEN))
    columns = frozenset(name.removeprefix(CHOSEN) for name in chosen_by)
    return Ways(address, chosen, columns, tuple(map(str, rows["figures"])))


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
