"""Columns by which a report groups its records: the first of each group has them."""

import csv
import re
from collections.abc import Callable, Sequence
from itertools import islice

from ..errors import Refusal
from .labels import is_suspect, kind_of
from .sums import Records

LOOKED = 1_000
"""Records in which totals of groups are looked for."""
_SORTED = re.compile("[↑↓▲▼]")


class Groups:
    """What the groups of a report are called, from row to row."""

    def __init__(self, columns: Sequence[int]) -> None:
        self._columns = columns
        self._last: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._columns)

    def fill(self, row: list) -> list:
        """Put into a record what the first of its group has."""
        for place, at in enumerate(self._columns):
            cell = row[at]
            if cell and cell.strip():
                self._last[at] = cell
                for inner in self._columns[place + 1 :]:
                    self._last.pop(inner, None)
            elif at in self._last:
                row[at] = self._last[at]
        return row


def groups_of(
    header: Sequence[str], keys: set[int], above: Callable[[], Records]
) -> Groups:
    """Find the columns that group a report, which are left of every identifier.

    Their title says how they are sorted, or rows of totals among the records have
    their word there.
    """
    left = min(keys, default=0)
    marked = [at for at in range(left) if _SORTED.search(header[at])]
    return Groups(range(max([*marked, _totalled(left, keys, above)]) + 1))


def _totalled(left: int, keys: set[int], above: Callable[[], Records]) -> int:
    """The last column left of the identifiers with a word for totals of groups."""
    found, words = -1, set()
    is_above, is_blank = False, False
    if not left:
        return found
    try:
        for _, row in islice(above(), LOOKED):
            first = next((at for at in range(left) if (row[at] or "").strip()), None)
            text = (row[first] or "").strip() if first is not None else ""
            if first is None or not is_suspect(text):
                is_above |= bool(words)
                is_blank |= first != 0
            elif kind_of(text) in ("sum", "tail"):
                words.add(text.casefold())
                found = max(found, first)
    except (OSError, Refusal, ValueError, csv.Error, MemoryError):
        return -1
    return found if is_blank and (is_above or len(words) > 1) else -1
