"""What a query is answered without while personal data are masked.

What is hidden is NULL in the query, too: a join by it finds nothing, and a group of it
is one. So the answer names these columns.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from urllib.parse import quote

from scripts.explore.guard import words_of
from scripts.explore.sight import Sight


def lacking(sight: Sight, sql: str) -> list[str]:
    """Return the columns that a query names and whose values are hidden from it."""
    read: set[tuple[str, str]] = set()

    def note(action: int, table: str | None, column: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and table and column:
            read.add((table.casefold(), column.casefold()))
        return sqlite3.SQLITE_OK

    named = {word.casefold() for word, _ in words_of(sql)}
    name = f"file:{quote(str(sight.database))}?mode=ro"
    with closing(sqlite3.connect(name, uri=True)) as db, suppress(sqlite3.Error):
        there = {n.casefold() for (n,) in db.execute("select name from sqlite_master")}
        db.set_authorizer(note)
        # nothing is run: a parameter that is bound to nothing is enough
        db.execute(f"explain {sql}", _Nothing()).close()
        db.set_authorizer(None)
        found = {
            column
            for table, column in read
            if table in there and column in named
            if sight.hides(table, column, stood_in=True)
        }
        return sorted(found)
    return []


class _Nothing(dict[str, None]):
    """A value for each parameter, whatever its name."""

    def __missing__(self, name: str) -> None:
        return None
