"""Bars that lie one below the other, in a table with their figures."""

from __future__ import annotations

from scripts.morning.encoding import Encoding, Row, ordered
from scripts.morning.figures import cell, decimals_of, head, number, words
from scripts.morning.series import Series
from scripts.morning.tables import scrolling

MOST = 25


def bars(encoding: Encoding, series: Series, title: str, rows: list[Row]) -> str:
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
        lines.append(
            _line(encoding, series, name, own, number(totals[name], places), longest)
        )
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
) -> str:
    start, drawn = 0.0, []
    for place, value in series.parts(rows):
        width = 100 * abs(value) / longest
        shape = f'x="{start:.2f}%" width="{width:.2f}%" height="100%"'
        drawn.append(f'<rect {shape} class="s{place}"/>')
        start += width
    cells = [
        f'<th scope="row">{words(name)}</th>',
        f'<td class="bar"><svg aria-hidden="true">{"".join(drawn)}</svg></td>',
        f'<td class="n">{total}</td>',
    ]
    if shade := encoding.shade:
        cells.append(f'<td class="n">{cell(sum(map(shade.number, rows)))}</td>')
    return f"<tr>{''.join(cells)}</tr>"
