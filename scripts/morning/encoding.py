"""What a chart of a dashboard shows where, read from its Vega-Lite declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts.morning.figures import is_number

Row = dict[str, Any]
MARKS = ("bar", "line", "point", "area", "rect")
NAMES = ("nominal", "ordinal")


class NotDrawnError(Exception):
    """A declaration beyond what is drawn here: its rows are shown as a table."""


@dataclass(frozen=True)
class Channel:
    """One channel of an encoding: a column, and how it is shown."""

    field: str
    kind: str
    title: str
    sort: Any
    unit: str
    domain: tuple[float, float] | None = None
    """Of a shade: the values that are lightest and darkest."""

    def name(self, row: Row) -> str:
        """Return the value of a row as a name."""
        value = row.get(self.field)
        return "unknown" if value is None else str(value)

    def number(self, row: Row) -> float:
        """Return the value of a row as a number; 0 for what is none."""
        value = row.get(self.field)
        return float(value) if is_number(value) else 0.0


@dataclass(frozen=True)
class Encoding:
    """The mark of a chart and its channels."""

    mark: str
    x: Channel
    y: Channel
    colour: Channel | None
    facet: Channel | None

    @property
    def is_lying(self) -> bool:
        """Whether its bars go from left to right, one below the other."""
        return self.mark == "bar" and self.x.kind == "quantitative"

    @property
    def series(self) -> Channel | None:
        """The channel that separates series."""
        return self.colour if self.colour and self.colour.kind in NAMES else None

    @property
    def shade(self) -> Channel | None:
        """The channel that is a measure of its own."""
        return self.colour if self.colour and self.colour.kind not in NAMES else None

    def facets(self, rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
        """Give the rows of each facet with its name, the largest first.

        That is the one of most deals or the like, where a shade counts them.
        """
        if self.facet is None:
            yield "", rows
            return
        found: dict[str, list[Row]] = {}
        for row in rows:
            found.setdefault(self.facet.name(row), []).append(row)
        measure = self.x if self.is_lying else self.y
        count = self.shade.number if self.shade else lambda row: 1.0

        def size(item: tuple[str, list[Row]]) -> tuple[float, float]:
            amount = sum(abs(measure.number(row)) for row in item[1])
            return sum(map(count, item[1])), amount

        yield from sorted(found.items(), key=size, reverse=True)

    def names_of_series(self, rows: list[Row]) -> list[str]:
        """Return the names of the series in their order; one without a channel."""
        return ordered(self.series, rows) if self.series else [""]

    @property
    def known_series(self) -> list[str]:
        """The names of series that are declared, also those without a row."""
        declared = self.series.sort if self.series else None
        return [str(name) for name in declared] if isinstance(declared, list) else []


def read(display: dict[str, Any], columns: list[str]) -> Encoding:
    """Return the encoding of a chart; raises NotDrawnError."""
    mark = display.get("mark")
    mark = mark.get("type") if isinstance(mark, dict) else mark
    channels = display.get("encoding")
    if mark not in MARKS or not isinstance(channels, dict):
        raise NotDrawnError(f"mark {mark}")
    x, y = (_channel(channels.get(axis), columns) for axis in "xy")
    colour = _channel(channels.get("color"), columns)
    facet = _channel(channels.get("row"), columns)
    if x is None or y is None:
        raise NotDrawnError("no x or y")
    known = Encoding(mark, x, y, colour, facet)
    is_heat = mark == "rect" and colour is not None and colour.kind == "quantitative"
    is_lying = known.is_lying and y.kind in NAMES
    is_standing = mark != "rect" and y.kind == "quantitative" != x.kind
    if not (is_heat or is_lying or is_standing):
        raise NotDrawnError(f"{mark} of {x.kind} by {y.kind}")
    return known


def ordered(channel: Channel, rows: list[Row]) -> list[str]:
    """Return the names of a channel in the order that its declaration wants."""
    names = list(dict.fromkeys(channel.name(row) for row in rows))
    if isinstance(channel.sort, list):
        places = {str(name): place for place, name in enumerate(channel.sort)}
        return sorted(names, key=lambda name: places.get(name, len(places)))
    return names


def _channel(declared: Any, columns: list[str]) -> Channel | None:
    if not isinstance(declared, dict):
        return None
    field = declared.get("field")
    if field not in columns:
        raise NotDrawnError(f"no column {field}")
    return Channel(
        field=str(field),
        kind=str(declared.get("type", "nominal")),
        title=str(declared.get("title") or field).replace("_", " "),
        sort=declared.get("sort"),
        unit=str(declared.get("timeUnit") or ""),
        domain=_domain(declared.get("scale")),
    )


def _domain(scale: Any) -> tuple[float, float] | None:
    domain = scale.get("domain") if isinstance(scale, dict) else None
    if isinstance(domain, list) and len(domain) == 2 and all(map(is_number, domain)):
        return float(domain[0]), float(domain[1])
    return None
