"""The warehouse as the desk reads it: it never writes there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.command import CommandError
from scripts.share.copy import is_copy
from scripts.warehouse import to_read

COPY = "this is a shared copy: decide where the warehouse is"

Row = dict[str, Any]


class Base:
    """An open warehouse in SQLite."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        rows = connection.execute("select name from sqlite_master")
        self._relations = {name for (name,) in rows}

    def has(self, *relations: str) -> bool:
        """Return whether all of some tables and views are there."""
        return self._relations >= {*relations}

    def rows(self, sql: str, ids: list[str] | None = None, **values: Any) -> list[Row]:
        """Return the rows of a query; `:ids` is a JSON list of `ids`."""
        if ids is not None:
            values["ids"] = json.dumps(ids)
        answer = self._connection.execute(sql, values)
        names = [name for name, *_ in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer]


@contextmanager
def opened(path: Path) -> Iterator[Base]:
    """Open a warehouse for reading, as it is at this moment.

    Raises CommandError for a shared copy, whose records have other names.
    """
    if is_copy(path):
        raise CommandError(COPY)
    connection = to_read(path)
    try:
        connection.execute("begin")  # one page is of one state
        yield Base(path, connection)
    finally:
        connection.close()


def state(path: Path) -> tuple[Any, ...]:
    """Return what differs when the warehouse has changed."""
    found = []
    for name in (path, path.with_name(f"{path.name}-wal")):
        try:
            stat = name.stat()
        except FileNotFoundError:
            continue
        found.append((stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return (path, *found)
