"""Rows as tables, which scroll where they are wider than the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scripts.morning.encoding import Encoding, Row, ordered
from scripts.morning.figures import cell, decimals_of, head, is_figure, is_number, words
from scripts.morning.ways import Ways, linked

DAY = re.compile(r"\d{4}-\d\d(-\d\d)?([ T]\d\d:\d\d)?")
LONG = 24
"""Letters of a word that has to be parted."""
MOST = 200
"""Rows of the figures below a chart."""
SHADES = (99.5, 98, 95, 90, 80, 60)
"""Scores of 100 below which a field of a table is one shade darker."""


def scrolling(title: str, table: str) -> str:
    """Return a table in a box that scrolls, also by keyboard."""
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{words(title)}">'
        f"{table}</div>"
    )


def figures(title: str, columns: list[str], rows: list[Row], ways: Ways) -> str:
    """Return the rows of a chart as a table that can be opened."""
    whole = table(title, columns, rows, MOST, ways)
    return f"<details><summary>Figures</summary>{whole}</details>"


def table(
    title: str,
    columns: list[str],
    rows: list[Row],
    most: int,
    ways: Ways,
    last: Callable[[Row], str] | None = None,
) -> str:
    """Return rows as a table, the figures of a column with as many decimals.

    A column whose name begins with `_` serves the ways and is not shown. `last`
    gives the HTML of one more cell of a row: where it is from.
    """
    columns = [c for c in columns if not c.startswith("_")]
    places = {c: max((decimals_of(r[c]) for r in rows), default=0) for c in columns}
    numeric = {c for c in columns if _is_numeric(rows, c)}
    mark = {c: _mark(rows, c, c in numeric) for c in columns}
    heads = [f'<th scope="col"{mark[c]}>{head(c)}</th>' for c in columns]
    if last:
        heads.append('<th scope="col">from</th>')
    lines = []
    for row in rows[:most]:
        cells = []
        for column in columns:
            text = cell(row[column], column, places[column])
            if column in ways.figures and not is_nothing(row[column]):
                text = linked(text, ways.to([row], figure=column))
            cells.append(f"<td{mark[column]}>{text}</td>")
        if last:
            cells.append(f"<td>{last(row)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    body = f"<tbody>{''.join(lines)}</tbody>"
    whole = f"<table><thead><tr>{''.join(heads)}</tr></thead>{body}</table>"
    more = ""
    if len(rows) > most:
        more = f'<p class="more">Only the first {most:,} are shown.</p>'
    return scrolling(title, whole) + more


def _mark(rows: list[Row], column: str, is_numeric: bool) -> str:
    """Return how the cells of a column are: a day on one line, long words in parts."""
    if is_numeric:
        return ' class="n"'
    texts = [str(row[column]) for row in rows if row[column] is not None]
    if texts and all(map(DAY.match, texts)):
        return ' class="d"'
    longest = max((len(word) for text in texts for word in text.split()), default=0)
    return ' class="w"' if longest > LONG else ""


def is_nothing(value: Any) -> bool:
    """Whether no rows can be behind a value: none, or a count of 0."""
    return value is None or (isinstance(value, int) and value == 0)


def _is_numeric(rows: list[Row], column: str) -> bool:
    values = [row[column] for row in rows if row[column] is not None]
    return bool(values) and all(map(is_figure, values))


def field(encoding: Encoding, title: str, rows: list[Row], ways: Ways) -> str:
    """Return figures by two names as a table, shaded as the domain says."""
    measure = encoding.shade.field if encoding.shade else ""
    domain = encoding.shade.domain if encoding.shade else None
    if domain is None:  # as a browser does: the highest one is darkest
        known = [row[measure] for row in rows if is_number(row.get(measure))]
        domain = min(known, default=0.0), max(known, default=0.0)
    across, down = ordered(encoding.x, rows), ordered(encoding.y, rows)
    found = {(encoding.y.name(r), encoding.x.name(r)): r for r in rows}
    lines = [
        f'<tr><th scope="col">{head(encoding.y.field)}</th>'
        + "".join(f'<th scope="col" class="n">{words(name)}</th>' for name in across)
        + "</tr>"
    ]
    for name in down:
        cells = []
        for other in across:
            row = found.get((name, other), {})
            value = row.get(measure)
            shade = _shade(float(value), *domain) if is_number(value) else 0
            text = linked(cell(value), ways.to([row]) if row else "")
            cells.append(f'<td class="n h{shade}">{text}</td>')
        lines.append(f'<tr><th scope="row">{words(name)}</th>{"".join(cells)}</tr>')
    return scrolling(title, f"<table>{''.join(lines)}</table>")


def _shade(value: float, light: float, dark: float) -> int:
    """Return a shade: scores by SHADES, else none at the light end, then sixths."""
    if light > dark:
        return sum(value < limit for limit in SHADES)
    if value <= light:
        return 0
    return 1 + min(5, int(6 * (value - light) / (dark - light)))
