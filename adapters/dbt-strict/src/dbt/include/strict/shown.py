"""Where a database lies, as text that dbt shows but does not compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class Shown(str):
    """Text whose representation is always the same.

    dbt shows what a profile says of a connection (`dbt debug`), and parses the whole
    project anew when the representation of that has changed. What is parsed does not
    depend on where the database lies.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Shown"


def shown(
    pairs: Iterable[tuple[str, Any]], places: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    """Give what a profile says, its places as text to be shown only."""
    for key, value in pairs:
        yield key, Shown(value) if key in places else value
