"""Columns by which a report groups its records: the first of each group has them."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from ..errors import Refusal
from .labels import heading, is_suspect, kind_of
from .sums import Records

LOOKED = 1_000
"""Records in which totals and headings of groups are looked for."""
_SORTED = re.compile("[↑↓▲▼]")
_LETTER = re.compile(r"[^\W\d_]")


class Groups:
    """What the groups of a report are called, from row to row.

    The first record of a group has its name, or a row above the group that has
    nothing else: then its column is one of `heads`.
    """

    def __init__(self, columns: Sequence[int], heads: Sequence[int] = ()) -> None:
        self._columns = columns
        self._heads = heads
        self._last: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._columns)

    @property
    def have_heads(self) -> bool:
        """Whether rows above groups have their names."""
        return bool(self._heads)

    def is_head(self, row: Sequence[str | None]) -> bool:
        """Whether the only value of a row is in a column of such names."""
        filled = [at for at, cell in enumerate(row) if cell and cell.strip()]
        return len(filled) == 1 and filled[0] in self._heads

    def begin(self, row: Sequence[str | None]) -> None:
        """Take the name of a group from the row above it."""
        for at in self._columns:
            if text := (row[at] or "").strip():
                found = heading(text)
                self._name(at, found.name if found else text)
                return

    def fill(self, row: list[Any]) -> list[Any]:
        """Put into a record what the first of its group has."""
        for at in self._columns:
            cell = row[at]
            if cell and cell.strip():
                self._name(at, cell)
            elif at in self._last:
                row[at] = self._last[at]
        return row

    def _name(self, at: int, name: str) -> None:
        self._last[at] = name
        for inner in self._columns:
            if inner > at:
                self._last.pop(inner, None)


def groups_of(
    header: Sequence[str], keys: set[int], above: Callable[[], Records]
) -> Groups:
    """Find the columns that group a report, which are left of every identifier.

    Their title says how they are sorted, rows of totals among the records have their
    word there, or rows above groups have nothing but their name there.
    """
    left = min(keys, default=0)
    if not left:
        return Groups(())
    marked = [at for at in range(left) if _SORTED.search(header[at])]
    try:
        rows = [row for _, row in islice(above(), LOOKED)]
    except (OSError, Refusal, ValueError, csv.Error, MemoryError):
        rows = []
    heads = _heads(left, keys, rows)
    last = max([*marked, _totalled(left, rows)])
    return Groups(sorted({*range(last + 1), *heads}), heads)


def _totalled(left: int, rows: Sequence[Sequence[str | None]]) -> int:
    """The last column left of the identifiers with a word for totals of groups."""
    found = -1
    words: set[str] = set()
    is_above, is_blank = False, False
    for row in rows:
        first = next((at for at in range(left) if (row[at] or "").strip()), None)
        text = (row[first] or "").strip() if first is not None else ""
        if first is None or not is_suspect(text) or heading(text):
            is_above |= bool(words)
            is_blank |= first != 0
        elif kind_of(text) in ("sum", "tail"):
            words.add(text.casefold())
            found = max(found, first)
    return found if is_blank and (is_above or len(words) > 1) else -1


def _heads(
    left: int, keys: set[int], rows: Sequence[Sequence[str | None]]
) -> list[int]:
    """Columns in which no record has a value, but rows above records have a name."""
    names: Counter[int] = Counter()
    taken: set[int] = set()
    waiting: list[int] = []
    for row in rows:
        filled = [at for at, cell in enumerate(row) if cell and cell.strip()]
        if not keys.isdisjoint(filled):
            names.update(waiting)
            taken.update(at for at in filled if at < left)
            waiting = []
        elif filled and filled[0] < left and _is_name(row, filled):
            waiting.append(filled[0])
        else:
            waiting = []
    return sorted(names.keys() - taken)


def _is_name(row: Sequence[str | None], filled: Sequence[int]) -> bool:
    """Whether a row has the name of a group, alone or with the number of records."""
    text = (row[filled[0]] or "").strip()
    if len(filled) > 1:
        found = heading(text)
        return found is not None and found.is_sure
    return bool(_LETTER.search(text)) and kind_of(text) is None
