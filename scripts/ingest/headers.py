"""Which header of a file belongs to which declared column."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple


@lru_cache(10_000)
def normal(header: str) -> str:
    """A header without case, blanks and punctuation: `E-Mail ` is `email`.

    A header of punctuation alone (`#`) stays as it is, so that `#` and `%`
    are not the same.
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(filter(str.isalnum, text)) or text.strip()


def _renamed(column: Any, positions: dict[str, list[int]]) -> list[int]:
    """Where a column is under another name, the one that counts first."""
    if column.headers is None:
        return sorted(p for a in column.aliases for p in positions.get(normal(a), ()))
    there = (positions[h] for h in map(normal, column.headers) if h in positions)
    return next(there, [])


class Match(NamedTuple):
    """The headers of one file, sorted by where their values go."""

    columns: dict[str, int]
    """Declared column → position of its header."""
    extras: dict[str, int]
    """Undeclared header, made unique → its position."""
    renamed: dict[str, str]
    """Declared column → the other name it came under."""

    def names(self, headers: Sequence[str]) -> list[str]:
        """What each header fills: a column, or `_extra` under its own name."""
        found = {at: name for name, at in (self.extras | self.columns).items()}
        return [found.get(at, header) for at, header in enumerate(headers)]


def match(headers: Sequence[str], columns: Iterable[Any]) -> Match:
    """Match headers to columns (objects with `name`, `aliases` and `headers`).

    A column's own name wins over an alias, then the first header wins; a column
    of a system comes under its `headers` alone, of which the first wins. What is
    left over is an extra.
    """
    positions: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        positions.setdefault(normal(header), []).append(position)
    matched: dict[str, int] = {}
    renamed: dict[str, str] = {}
    for column in columns:
        own = column.headers is None and positions.get(normal(column.name))
        found = own or _renamed(column, positions)
        if found:
            matched[column.name] = found[0]
            if not own:
                renamed[column.name] = headers[found[0]]
    taken = set(matched.values())
    extras: dict[str, int] = {}
    given, before = set(headers), set()
    numbers: dict[str, int] = {}
    for position, header in enumerate(headers):
        if position not in taken:
            name = plain = header.strip() or f"column_{position + 1}"
            if name in extras or header in before:
                number = numbers.get(plain, 2)
                while f"{plain}_{number}" in extras or f"{plain}_{number}" in given:
                    number += 1
                numbers[plain] = number
                name = f"{plain}_{number}"
            extras[name] = position
        before.add(header)
    return Match(matched, extras, renamed)
