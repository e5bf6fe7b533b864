"""Charts as tables with bars and as SVG: no script, readable on paper and aloud."""

from __future__ import annotations

from typing import Any

from scripts.morning.bars import bars
from scripts.morning.encoding import Row, read
from scripts.morning.figures import words
from scripts.morning.plots import plot
from scripts.morning.series import Series
from scripts.morning.tables import field, figures
from scripts.morning.ways import Ways

MOST = 3
"""Facets that are shown at once; the others can be opened."""


def chart(
    title: str,
    display: dict[str, Any],
    columns: list[str],
    rows: list[Row],
    ways: Ways | None = None,
) -> str:
    """Return a chart as HTML, its figures with the ways from them.

    Raises NotDrawnError.
    """
    ways = ways or Ways()
    encoding = read(display, columns)
    if encoding.mark == "rect":
        return field(encoding, title, rows, ways)
    series = Series(encoding, rows)
    draw = bars if encoding.is_lying else plot
    parts = [*series.legend()]
    facets = list(encoding.facets(rows))
    drawn = []
    for facet, part in facets:
        label = f"{title}, {facet}" if facet else title
        name = f'<p class="facet">{words(facet)}</p>' if facet else ""
        drawn.append(name + draw(encoding, series, label, part, ways))
    parts += drawn[:MOST]
    if rest := drawn[MOST:]:
        names = ", ".join(words(facet) for facet, _ in facets[MOST:])
        parts.append(
            f"<details><summary>Also {names}</summary>{''.join(rest)}</details>"
        )
    return "".join([*parts, figures(title, columns, rows, ways)])
