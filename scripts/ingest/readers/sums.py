"""Adds up the records above a row, to hold what the row says against it."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from decimal import Decimal, InvalidOperation

from ..errors import Refusal
from .labels import is_blank, plain

CHECKS = 5
"""Times a file is read again from its start, to add up what is above a row."""
GROUPS = 1000
"""Rows of totals, the last ones, from which on records are added up, too."""
COMPARISONS = 100_000
"""Sums that figures of a file are held against; those after them are not compared."""
END = 1 << 62
"""A position behind every record."""
_DIGITS = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_MINUS = re.compile(r"^[^\d]*[-−(][^\d]*\d|\d\s*[-−]$")
_THREE = re.compile(r"[^\d.,]*\d{1,3}[.,]\d{3}[^\d.,]*")

Records = Iterator[tuple[int, Sequence[str | None]]]
"""Position of each record of a file, and its cells."""


class _Column:
    """What the records above a row have in one column.

    Of `1.234` a file must show which it is; it is added up as either.
    """

    def __init__(self) -> None:
        self.sums = [Decimal(0), Decimal(0)]
        self.filled = self.numbers = 0
        self.least: Decimal | None = None
        self.most: Decimal | None = None

    def add(self, cell: str | None) -> None:
        if not cell or not cell.strip():
            return
        self.filled += 1
        found = readings(cell)
        if not found:
            return
        self.numbers += 1
        self.sums = [a + b for a, b in zip(self.sums, found, strict=True)]
        number = found[0]
        self.least = number if self.least is None else min(self.least, number)
        self.most = number if self.most is None else max(self.most, number)

    def copy(self) -> "_Column":
        other = _Column()
        other.sums, other.filled, other.numbers = self.sums, self.filled, self.numbers
        return other

    def since(self, before: "_Column | None") -> "_Column":
        """What was added since a copy was taken."""
        if before is None:
            return self
        other = _Column()
        other.sums = [a - b for a, b in zip(self.sums, before.sums, strict=True)]
        other.filled = self.filled - before.filled
        other.numbers = self.numbers - before.numbers
        return other

    def is_sum(self, given: Decimal) -> bool:
        return bool(self.numbers) and _is_near(given, self.sums[0])

    def is_mean(self, given: Decimal) -> bool:
        if not self.numbers:
            return False
        return abs(given - self.sums[0] / self.numbers) <= _step(given) / 2

    def fits(self, cell: str, rows: int) -> bool:
        """Whether a number is the sum, the mean or the count, as far as it is exact."""
        for at, given in enumerate(readings(cell)):
            wanted = [self.sums[at]]
            wanted += [self.sums[at] / self.numbers] if self.numbers else []
            if given in (rows, self.filled):
                return True
            for figure in wanted:
                is_rounded = _step(given) > _step(figure) or figure is not wanted[0]
                off = _step(given) / 2 if is_rounded else Decimal(0)
                if _is_near(given, figure) or abs(given - figure) <= off:
                    return True
        return False


class Sums:
    """Adds up the records above a row, read once more and no further than to it."""

    def __init__(self, above: Callable[[], Records]) -> None:
        self._open = above
        self._starts = 0
        self._records: Records | None = None
        self._apart: set[int] = set()
        self._all: dict[int, _Column] = {}
        self._group: dict[int, _Column] = {}
        self._rows = self._group_rows = 0
        self._passed = -1
        self._numbered: dict[int, bool] = {}
        self._marks: list[tuple[dict[int, _Column], int]] = []
        self._before: Sequence[str | None] = ()
        self._named: dict[int, str] = {}
        self._first: Sequence[str | None] = ()
        self._waiting: tuple[int, Sequence[str | None]] | None = None
        self._is_over = False
        self._compared = 0

    @property
    def is_tired(self) -> bool:
        """Whether enough was compared: what follows is not."""
        return self._compared > COMPARISONS

    def leave_out(self, at: int) -> None:
        """The row at a position is no record; the next record begins a new group."""
        self._apart.add(at)

    def anew(self, columns: set[int]) -> None:
        """Add up once more, from the first record, some columns."""
        self._records, self._starts = None, 0
        self._all = {n: _Column() for n in columns}

    def counts(self, number: Decimal | None, at: int) -> bool:
        """Whether there are so many records above."""
        return self._advance(set(), at) and number in (self._rows, self._group_rows)

    def is_unlike(self, column: int, text: str, at: int) -> bool:
        """Whether the record above has another kind of value in a column."""
        if not self._advance({column}, at) or not self._before:
            return False
        before = (self._before[column] or "").strip()
        return bool(before) and (not before.isdigit() or len(before) > len(text) + 4)

    def have_numbers(self, column: int, at: int) -> bool:
        """Whether values of a column have digits, as identifiers; words have none."""
        if column not in self._numbered:
            try:
                records = (row[column] for place, row in self._open() if place != at)
                first = next(records, None) or ""
            except (OSError, Refusal, ValueError, csv.Error, MemoryError):
                first = ""
            self._numbered[column] = any(map(str.isdigit, first))
        return self._numbered[column]

    def are_of_group(self, columns: set[int], label: int, stem: str, at: int) -> bool:
        """Whether the group above has this value, of which a row says the total."""
        if not self._advance(columns | {label}, at) or not self._before:
            return False
        return stem == plain(self._before[label] or self._named.get(label))

    def fit(self, kind: str, cells: Mapping[int, str], at: int, least: int = 1) -> bool:
        """Whether the numbers are what a word says of the records above."""
        if not self._advance(cells.keys(), at) or self._rows < least:
            return False
        given = {n: number(cell) for n, cell in cells.items()}
        known = {n: value for n, value in given.items() if value is not None}
        return bool(known) and any(
            self._are(kind, known, columns, rows)
            for columns, rows in (
                (self._all, self._rows),
                (self._group, self._group_rows),
            )
        )

    def differing(
        self, cells: Mapping[int, str], of: tuple[int, str] | None, at: int
    ) -> dict[int, Decimal]:
        """The sums of columns for which a row of totals gives another figure.

        `of` is the column and value of the group that the row is about. What
        cannot be read once more cannot differ.
        """
        label = {of[0]} if of else set()
        if self.is_tired:
            return {}
        if not self._advance(cells.keys() | label, at):
            return {}
        is_above = not self._rows
        if is_above and not (self._advance(cells.keys(), END) and self._rows):
            return {}
        if of and (not self._first or plain(self._first[of[0]]) != of[1]):
            return {}  # where the group begins is not known
        found = {}
        for n, cell in cells.items():
            numbers = readings(cell)
            total = self._all[n]
            if not numbers or not total.filled or "%" in cell:
                continue
            sums = []
            for before, rows in self._likely_first():
                self._compared += 1
                part = total.since(before.get(n))
                if part.fits(cell, self._rows - rows):
                    break
                sums.append(part.sums[0])
            else:
                found[n] = min(sums, key=lambda each: abs(each - numbers[0]))
        return found

    def _likely_first(self) -> Iterator[tuple[dict[int, _Column], int]]:
        """What was there before each group: the last one, none, and the others."""
        yield self._marks[-1]
        yield from self._marks[:1]
        yield from reversed(self._marks[1:-1])

    def other_count(self, said: str, at: int) -> int | None:
        """How many records there are, if a row says another number of them."""
        given = number(said)
        if given is None or not self._advance(set(), at):
            return None
        if not self._rows and not self._advance(set(), END):
            return None
        counts = {self._rows - rows for _, rows in self._marks}
        return None if given in counts else self._rows

    def _are(
        self,
        kind: str,
        given: dict[int, Decimal],
        columns: dict[int, _Column],
        rows: int,
    ) -> bool:
        of = {n: columns.get(n) or _Column() for n in given}
        if kind == "mean":
            return rows > 1 and all(of[n].is_mean(g) for n, g in given.items())
        if kind == "count":
            return all(g in (rows, of[n].filled) for n, g in given.items())
        if kind == "extreme":
            return rows > 1 and (
                all(g == of[n].least for n, g in given.items())
                or all(g == of[n].most for n, g in given.items())
            )
        sums = [of[n].is_sum(g) for n, g in given.items()]
        return any(sums) and all(
            is_sum or g == rows for is_sum, g in zip(sums, given.values(), strict=True)
        )

    def _advance(self, wanted: Set[int], at: int) -> bool:
        """Add up what is above a position; False if it cannot be read again."""
        is_behind = self._passed >= at
        if self._records is None or is_behind or wanted - self._all.keys():
            if self._starts >= CHECKS:
                return False
            self._starts += 1
            self._records, self._waiting = self._open(), None
            self._all = {n: _Column() for n in wanted | self._all.keys()}
            self._rows, self._before, self._marks, self._passed = 0, (), [], -1
            self._begin_group()
        try:
            while (found := self._waiting or next(self._records, None)) is not None:
                self._waiting = found
                if found[0] >= at:
                    break
                self._waiting = None
                self._add(*found)
        except (OSError, Refusal, ValueError, csv.Error, MemoryError):
            self._records, self._starts = None, CHECKS
            return False
        return True

    def _begin_group(self) -> None:
        self._marks.append(({n: c.copy() for n, c in self._all.items()}, self._rows))
        del self._marks[1:-GROUPS]  # the first are all records
        self._group = {n: _Column() for n in self._all}
        self._group_rows, self._first, self._is_over = 0, (), False

    def _add(self, position: int, row: Sequence[str | None]) -> None:
        self._passed = position
        if position in self._apart:
            self._is_over = True
            return
        if is_blank(row):
            return
        if self._is_over:
            self._begin_group()
        self._rows += 1
        self._group_rows += 1
        self._before = row
        self._first = self._first or row
        for n, column in self._all.items():
            column.add(row[n])
            self._group[n].add(row[n])
            if cell := row[n]:
                self._named[n] = cell


def number(text: str) -> Decimal | None:
    """The number in a text, its marks read as they are most likely meant."""
    return next(iter(readings(text)), None)


def readings(text: str) -> list[Decimal]:
    """The number in a text; the second is that with marks the other way round."""
    found = _DIGITS.search(text)
    if not found:
        return []
    digits = re.sub(r"[^\d.,]", "", found[0]).rstrip(".,")
    mark = max(".,", key=digits.rfind)
    whole, _, part = digits.rpartition(mark)
    if digits.count(mark) > 1 or (mark == "," and len(part) == 3):  # thousands
        whole, part = digits, ""
    elif mark not in digits:
        whole, part = part, ""
    whole = re.sub(r"[.,]", "", whole)
    try:
        value = Decimal(f"{whole}.{part}" if part else whole)
    except InvalidOperation:
        return []
    if _MINUS.search(text.strip()):
        value = -value
    if not _THREE.fullmatch(text.strip()):
        return [value, value]
    return [value, value * 1000 if part else value / 1000]


def _step(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _is_near(given: Decimal, wanted: Decimal) -> bool:
    """Whether they are equal but for what sums of binary fractions are off."""
    return abs(given - wanted) <= max(abs(wanted), Decimal(1)) * Decimal("1e-9")
