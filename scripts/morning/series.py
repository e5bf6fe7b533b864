"""The series of a chart: those that have a colour, their sums and their legend."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.morning.encoding import Encoding, Row
from scripts.morning.figures import words

COLOURS = 8
OTHERS = "others"


class Series:
    """The series of a chart, each with the place of its colour."""

    def __init__(self, encoding: Encoding, rows: list[Row]) -> None:
        self._encoding = encoding
        self._channel = encoding.series
        self._measure = encoding.x if encoding.is_lying else encoding.y
        there = encoding.names_of_series(rows)
        # each has its colour, though another has no row
        names = [*dict.fromkeys([*encoding.known_series, *there])]
        names = names if len(names) <= COLOURS else there
        self._there = {*there}
        self.names = names
        """Of bars the last may stand for the others; of lines others are left out."""
        self.left_out = 0
        if len(names) > COLOURS:
            is_bar = encoding.mark == "bar"
            kept = self._largest(rows, names)[: COLOURS - is_bar]
            self.names = [n for n in names if n in kept] + [OTHERS] * is_bar
            self.left_out = 0 if is_bar else len(names) - COLOURS

    def _largest(self, rows: list[Row], names: list[str]) -> list[str]:
        sums = dict.fromkeys(names, 0.0)
        for row in rows:
            sums[self.name(row)] += abs(self._measure.number(row))
        return sorted(names, key=lambda name: -sums[name])

    def name(self, row: Row) -> str:
        """Return the name of the series that a row is of."""
        return self._channel.name(row) if self._channel else ""

    def place(self, row: Row) -> int:
        """Return the place of the series that a row is of; the last of the others."""
        name = self.name(row)
        return self.names.index(name) if name in self.names else len(self.names) - 1

    def parts(self, rows: list[Row]) -> list[tuple[int, float]]:
        """Return the sum of each series that has something, by its place."""
        sums: dict[int, float] = {}
        for row in rows:
            place = self.place(row)
            sums[place] = sums.get(place, 0.0) + self._measure.number(row)
        return sorted((place, value) for place, value in sums.items() if value)

    def legend(self) -> Iterator[str]:
        """Give the legend, and what it leaves out."""
        if self._channel is None:
            return
        is_line = self._encoding.mark == "line"
        yield f'<ul class="legend {"lines" if is_line else "fills"}">'
        for place, name in enumerate(self.names):
            if name not in self._there | {OTHERS}:
                continue
            mark = f'<rect width="12" height="12" class="s{place}"/>'
            if is_line:
                mark = f'<line x1="0" x2="24" y1="6" y2="6" class="l{place}"/>'
            yield f'<li><svg aria-hidden="true">{mark}</svg>{words(name)}</li>'
        yield "</ul>"
        if self.left_out:
            more = f"Not drawn, but among the figures: {self.left_out:,} more."
            yield f'<p class="more">{more}</p>'
