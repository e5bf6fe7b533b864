"""Charts as tables with bars and as SVG: no script, readable on paper and aloud."""

from __future__ import annotations

from typing import Any

from scripts.morning.bars import bars
from scripts.morning.encoding import Row, read
from scripts.morning.figures import words
from scripts.morning.plots import plot
from scripts.morning.series import Series
from scripts.morning.tables import field, figures


def chart(
    title: str, display: dict[str, Any], columns: list[str], rows: list[Row]
) -> str:
    """Return a chart as HTML; raises NotDrawnError."""
    encoding = read(display, columns)
    if encoding.mark == "rect":
        return field(encoding, title, rows)
    series = Series(encoding, rows)
    draw = bars if encoding.is_lying else plot
    parts = [*series.legend()]
    for facet, part in encoding.facets(rows):
        label = title
        if facet:
            label = f"{title}, {facet}"
            parts.append(f'<p class="facet">{words(facet)}</p>')
        parts.append(draw(encoding, series, label, part))
    return "".join([*parts, figures(title, columns, rows)])
