"""Bars and lines over an axis, as SVG."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.morning.axes import HEIGHT, WIDTH, Axis, Scale, below, grid
from scripts.morning.encoding import Encoding, Row
from scripts.morning.figures import cell, number, words
from scripts.morning.series import Series
from scripts.morning.ways import Ways, linked

Stacks = dict[int, list[tuple[int, float]]]
"""The parts of each place, each with the place of its series."""


def plot(
    encoding: Encoding, series: Series, title: str, rows: list[Row], ways: Ways
) -> str:
    """Return bars or lines over an axis of time or of names."""
    axis = Axis(encoding, rows)
    placed: dict[int, list[Row]] = {}
    left_out = 0
    for row in rows:
        place = axis.place(row)
        if place is None:
            left_out += 1
        else:
            placed.setdefault(place, []).append(row)
    stacks = {p: series.parts(own) for p, own in placed.items()}
    is_line = encoding.mark != "bar"
    low, high = _range(encoding, rows, stacks, is_line)
    scale = Scale(low, high)
    drawn = [grid(scale), below(axis)]
    if is_line:
        drawn += _lines(encoding, axis, scale, series, placed, ways)
    else:
        drawn += _bars(axis, scale, series, stacks, placed, ways)
    role = "group" if ways.address else "img"  # an image holds no links
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="{role}"'
        f' aria-label="{_aloud(encoding, title, axis, stacks)}">',
        *drawn,
        "</svg>",
    ]
    if encoding.y.title:
        parts.insert(0, f'<p class="axis">{words(encoding.y.title)}</p>')
    if left_out:
        parts.append(f'<p class="more">Without a time, not drawn: {left_out:,}.</p>')
    return "".join(parts)


def _range(
    encoding: Encoding,
    rows: list[Row],
    stacks: Stacks,
    is_line: bool,
) -> tuple[float, float]:
    if is_line:
        values = [encoding.y.number(row) for row in rows if _has(encoding, row)]
        low, high = min(values, default=0.0), max(values, default=0.0)
        return (min(low, 0.0) if low < high / 2 else low), high
    ups = [sum(v for _, v in stack if v > 0) for stack in stacks.values()]
    downs = [sum(v for _, v in stack if v < 0) for stack in stacks.values()]
    return min(downs, default=0.0), max(ups, default=0.0)


def _has(encoding: Encoding, row: Row) -> bool:
    return row.get(encoding.y.field) is not None


def _bars(
    axis: Axis,
    scale: Scale,
    series: Series,
    stacks: Stacks,
    placed: dict[int, list[Row]],
    ways: Ways,
) -> Iterator[str]:
    width = max(min(axis.slot * 0.8, 40), 0.7)
    for place, stack in sorted(stacks.items()):
        ends = {True: 0.0, False: 0.0}
        for colour, value in stack:
            start = ends[value > 0]
            ends[value > 0] += value
            top, bottom = sorted((scale.y(start), scale.y(start + value)))
            name = f"{axis.name(place)} {series.names[colour]}".strip()
            own = [r for r in placed[place] if series.place(r) == colour]
            yield linked(
                f'<rect x="{axis.middle(place) - width / 2:.1f}" y="{top:.1f}"'
                f' width="{width:.1f}" height="{max(bottom - top, 0.5):.1f}"'
                f' class="s{colour}">'
                f"<title>{words(name)}: {number(value)}</title></rect>",
                ways.to(own),
                f"{name}: {number(value)}",
            )


def _lines(
    encoding: Encoding,
    axis: Axis,
    scale: Scale,
    series: Series,
    placed: dict[int, list[Row]],
    ways: Ways,
) -> Iterator[str]:
    for colour, name in enumerate(series.names):
        points = [
            (axis.middle(place), scale.y(encoding.y.number(row)), place, row)
            for place, rows in sorted(placed.items())
            for row in rows
            if _has(encoding, row) and series.name(row) == name
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
        yield f'<polyline points="{path}" class="l{colour}"/>'
        for x, y, place, row in points:
            label = f"{axis.name(place)} {name}".strip()
            value = cell(row.get(encoding.y.field))
            yield linked(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" class="s{colour}">'
                f"<title>{words(label)}: {value}</title></circle>",
                ways.to([row]),
                f"{label}: {value}",
            )


def _aloud(
    encoding: Encoding,
    title: str,
    axis: Axis,
    stacks: Stacks,
) -> str:
    """Return what a chart says to who does not see it; the figures are below it."""
    if not stacks:
        return words(title)
    places = sorted(stacks)
    span = f"{axis.name(places[0])} to {axis.name(places[-1])}"
    return words(f"{title}: {encoding.y.title}, {span}. The figures follow.")
