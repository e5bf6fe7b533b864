"""Bars that lie one below the other, in a table with their figures."""

from __future__ import annotations

from html import escape

from scripts.morning.encoding import Encoding, Row, ordered
from scripts.morning.figures import cell, decimals_of, head, number, words
from scripts.morning.series import Series
from scripts.morning.tables import scrolling
from scripts.morning.ways import Ways, linked

MOST = 25


def bars(
    encoding: Encoding, series: Series, title: str, rows: list[Row], ways: Ways
) -> str:
    """Return a table with a bar in each of its rows."""
    totals: dict[str, float] = dict.fromkeys(ordered(encoding.y, rows), 0.0)
    for row in rows:
        totals[encoding.y.name(row)] += encoding.x.number(row)
    names = list(totals)
    if encoding.y.sort in ("-x", "x"):
        names.sort(key=lambda name: totals[name], reverse=encoding.y.sort == "-x")
    longest = max(map(abs, totals.values()), default=0) or 1
    lines = [_heads(encoding)]
    places = max(map(decimals_of, totals.values()), default=0)
    for name in names[:MOST]:
        own = [row for row in rows if encoding.y.name(row) == name]
        total = number(totals[name], places)
        lines.append(_line(encoding, series, name, own, total, longest, ways))
    found = scrolling(title, f'<table class="bars">{"".join(lines)}</table>')
    if rest := names[MOST:]:
        total = number(sum(totals[name] for name in rest))
        found += f'<p class="more">{len(rest):,} more, together {total}.</p>'
    return found


def _heads(encoding: Encoding) -> str:
    heads = [f'<th scope="col">{head(encoding.y.field)}</th><td class="bar"></td>']
    measures = [encoding.x, *([encoding.colour] if encoding.shade else [])]
    heads += [f'<th scope="col" class="n">{head(m.title)}</th>' for m in measures if m]
    return f"<tr>{''.join(heads)}</tr>"


def _line(
    encoding: Encoding,
    series: Series,
    name: str,
    rows: list[Row],
    total: str,
    longest: float,
    ways: Ways,
) -> str:
    start, drawn = 0.0, []
    for place, value in series.parts(rows):
        width = 100 * abs(value) / longest
        shape = f'x="{start:.2f}%" width="{width:.2f}%" height="100%"'
        drawn.append(f'<rect {shape} class="s{place}"/>')
        start += width
    # a bar is one of all its series
    whole = ways.to(rows, [encoding.series.field] if encoding.series else [])
    bar = f'<svg aria-hidden="true">{"".join(drawn)}</svg>'
    if whole:  # for a mouse: the figure is the link for others
        bar = f'<a href="{escape(whole)}" tabindex="-1" aria-hidden="true">{bar}</a>'
    cells = [
        f'<th scope="row">{words(name)}</th>',
        f'<td class="bar">{bar}</td>',
        f'<td class="n">{linked(total, whole)}</td>',
    ]
    if shade := encoding.shade:
        cells.append(f'<td class="n">{cell(sum(map(shade.number, rows)))}</td>')
    return f"<tr>{''.join(cells)}</tr>"
