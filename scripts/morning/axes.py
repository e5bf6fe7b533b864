"""The two axes of a chart, in the units of its drawing."""

from __future__ import annotations

from scripts.morning import times
from scripts.morning.encoding import Encoding, Row, ordered
from scripts.morning.figures import short, ticks, words

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 10, 26


class Axis:
    """The axis from left to right: of time where it is one, else of names."""

    def __init__(self, encoding: Encoding, rows: list[Row]) -> None:
        self._channel = encoding.x
        values = [row.get(encoding.x.field) for row in rows]
        self._unit = ""
        if encoding.x.kind == "temporal":
            self._unit = times.unit_of(values, encoding.x.unit)
            known = (times.place(value, self._unit) for value in values)
            places = [place for place in known if place is not None]
            self._first, last = min(places, default=0), max(places, default=0)
            self.count = last - self._first + 1
        else:
            self._names = ordered(encoding.x, rows)
            self._first, self.count = 0, len(self._names)
        # a line begins and ends at its first and last point
        self.slot = (WIDTH - LEFT - RIGHT) / max(self.count, 1)

    def place(self, row: Row) -> int | None:
        """Return where a row belongs; None for one without a time."""
        if not self._unit:
            return self._names.index(self._channel.name(row))
        place = times.place(row.get(self._channel.field), self._unit)
        return None if place is None else place - self._first

    def middle(self, place: int) -> float:
        """Return the middle of a place, from the left."""
        return LEFT + (place + 0.5) * self.slot

    def name(self, place: int) -> str:
        """Return the name of a place."""
        if self._unit:
            return times.name(place + self._first, self._unit)
        return self._names[place]

    def labels(self) -> list[tuple[int, str]]:
        """Return the places with a label, each with it."""
        if self._unit:
            last = self._first + self.count - 1
            found = times.labels(self._first, last, self._unit)
            return [(at - self._first, text) for at, text in found]
        step = -(-self.count // 6)
        room = int((WIDTH - LEFT) / 9 / max(1, -(-self.count // step)))
        return [
            (at, name if len(name) <= room else f"{name[: max(room - 1, 1)]}…")
            for at, name in list(enumerate(self._names))[::step]
        ]


class Scale:
    """The axis from bottom to top."""

    def __init__(self, low: float, high: float) -> None:
        self.ticks = ticks(low, high)
        self._low, self._high = self.ticks[0], self.ticks[-1]

    def y(self, value: float) -> float:
        """Return how far a value is from the top."""
        share = (value - self._low) / (self._high - self._low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    @property
    def base(self) -> float:
        """Return where bars begin."""
        return self.y(min(max(0.0, self._low), self._high))


def grid(scale: Scale) -> str:
    """Return the lines of the upright axis with their labels."""
    return "".join(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{scale.y(tick):.1f}"'
        f' y2="{scale.y(tick):.1f}" class="grid"/>'
        f'<text x="{LEFT - 4}" y="{scale.y(tick) + 4:.1f}" class="end">'
        f"{short(tick)}</text>"
        for tick in scale.ticks
    )


def below(axis: Axis) -> str:
    """Return the labels of the axis from left to right."""
    found = []
    for place, label in axis.labels():
        x, anchor = axis.middle(place), "mid"
        if x < LEFT + 20:
            anchor = "start"
            x = max(x - 20, LEFT)
        elif x > WIDTH - RIGHT - 24:
            anchor, x = "end", WIDTH - 1
        found.append(
            f'<text x="{x:.1f}" y="{HEIGHT - 5}" class="{anchor}">{words(label)}</text>'
        )
    return "".join(found)
