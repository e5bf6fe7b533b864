"""Looking into the built warehouse, whatever engine holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

from scripts.settings import Settings


class Connection(Protocol):
    """What both engines' connections can do."""

    def execute(self, sql: str) -> Any:
        """Run a statement; the answer has `fetchall`."""


class QueryError(Exception):
    """A query that the warehouse cannot answer, or a warehouse that cannot be read."""


class Warehouse:
    """An open warehouse, read only."""

    def __init__(self, connection: Connection, errors: tuple[type[Exception], ...]):
        self._connection = connection
        self._errors = errors

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query; raises QueryError."""
        try:
            return self._connection.execute(sql).fetchall()
        except self._errors as error:
            raise QueryError(str(error)) from None

    def tables(self) -> set[str]:
        """Return the names of its tables, without its views."""
        sql = "select name from sqlite_master where type = 'table'"  # DuckDB's too
        return {name for (name,) in self.rows(sql)}


@contextmanager
def opened(settings: Settings) -> Iterator[Warehouse]:
    """Open the warehouse of the settings; raises QueryError if there is none."""
    if not settings.database.exists():
        raise QueryError(f"{settings.database} does not exist; make run makes it")
    if settings.engine == "duckdb":
        import duckdb

        connect, errors = (
            lambda: duckdb.connect(settings.database, read_only=True),
            (duckdb.Error,),
        )
    else:
        uri = f"{settings.database.as_uri()}?mode=ro"
        connect, errors = lambda: sqlite3.connect(uri, uri=True), (sqlite3.Error,)
    try:
        connection = connect()
    except errors as error:
        raise QueryError(f"{settings.database}: {error}") from None
    with closing(connection):
        yield Warehouse(connection, errors)
