"""Columns that take the first value which a row has under any of their headers."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .headers import normal
from .readers import Reader
from .sources import Table


class Alternatives:
    """Fills columns of rows from `_extra`, where the best header has no value."""

    def __init__(self, table: Table, reader: Reader) -> None:
        at = {name: place for place, name in enumerate(reader.columns)}
        self._columns = [
            (at[column.name], column.headers)
            for column in table.columns
            if column.is_first_filled and column.headers and column.name in at
        ]
        self._extra = at.get("_extra")
        self._reader = reader
        self._known = 0
        self._wanted: list[tuple[int, list[str]]] = []
        """Places of columns, each with other headers of theirs in the file."""

    def fill(self, rows: Iterable[Any]) -> Iterable[Any]:
        """Give rows back; without other headers in the file as they are."""
        if self._extra is None or not self._columns:
            return rows
        if self._known != len(self._reader.extras):  # JSON may have more later
            self._known = len(self._reader.extras)
            there = {normal(name): name for name in self._reader.extras}
            wanted = (
                (at, [there[h] for h in map(normal, headers) if h in there])
                for at, headers in self._columns
            )
            self._wanted = [(at, names) for at, names in wanted if names]
        return self._filled(rows, self._extra) if self._wanted else rows

    def _filled(self, rows: Iterable[Any], extra: int) -> Iterator[Any]:
        for row in rows:
            for at, names in self._wanted:
                if (row[at] and not row[at].isspace()) or not row[extra]:
                    continue
                others = json.loads(row[extra])
                values = (others.get(name) for name in names)
                found = next((v for v in values if v and not v.isspace()), None)
                if found is not None:
                    row = [*row[:at], found, *row[at + 1 :]]
            yield row
