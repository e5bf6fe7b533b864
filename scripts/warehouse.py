"""Looking into the built warehouse, whatever engine holds it."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from scripts.command import CommandError
from scripts.ingest.database import connect_to_look
from scripts.settings import PROJECT, Settings, holds


class Connection(Protocol):
    """What both engines' connections can do."""

    def execute(self, sql: str, *values: Any) -> Any:
        """Run a statement; the answer has `fetchall` and `fetchmany`."""

    def create_function(self, name: str, *options: Any, **named: Any) -> Any:
        """Let SQL call a function of Python; each engine takes other options."""

    def set_progress_handler(self, handler: Callable[[], bool], steps: int) -> None:
        """Call a function now and then, which can end a query; SQLite alone."""


READING = {
    "sqlite": ("pragma query_only = off", "pragma query_only = on"),
    "postgres": (
        "set default_transaction_read_only = off",
        "set default_transaction_read_only = on",
    ),
}
"""What lets a connection write, and what keeps it from that."""


STREAMED = ("postgres", "spark")
"""Engines whose drivers hold all rows of an answer, unless it is read in pages."""


class QueryError(CommandError):
    """A query that the warehouse cannot answer, or a warehouse that cannot be read."""


class Warehouse:
    """An open warehouse, read only."""

    def __init__(
        self,
        name: str,
        connection: Connection,
        errors: type[Exception],
        engine: str = "sqlite",
    ) -> None:
        self.name = name
        self._connection = connection
        self._errors = errors
        self.engine = engine

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raises QueryError."""
        try:
            return self._connection.execute(sql).fetchall()
        except self._errors as error:
            raise QueryError(self._plain(error)) from None

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query, `size` at a time; raises QueryError."""
        try:
            if self.engine in STREAMED:
                yield from self._connection.stream(sql, size)  # type: ignore[attr-defined]
                return
            answer = self._connection.execute(sql)
            while rows := answer.fetchmany(size):
                yield rows
        except self._errors as error:
            raise QueryError(self._plain(error)) from None

    def _plain(self, error: Exception) -> str:
        """What is wrong, in one line; a table that is missing can be made."""
        text = " ".join(str(error).split())
        if text == "interrupted":
            return f"{self.name}: the query takes too long"
        is_missing = re.search(
            r"no such table|Table .* does not exist|TABLE_OR_VIEW_NOT_FOUND", text
        )
        return f"{self.name}: {text}" + ("; make build makes it" if is_missing else "")

    def named_rows(
        self, sql: str, limit: int, values: Mapping[str, Any] | None = None
    ) -> tuple[list[str], list[Any]]:
        """Return the columns and the first rows of a query; raises QueryError.

        `values` are bound to its parameters, `:name` in SQLite.
        """
        given = (values,) if values else ()
        try:
            answer = self._connection.execute(sql, *given)
            names = [name for name, *_ in answer.description or ()]
            return names, answer.fetchmany(limit)
        except self._errors as error:
            raise QueryError(self._plain(error)) from None

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a table or view with their declared types."""
        if self.engine == "spark":
            return dict(self._connection.columns(relation))  # type: ignore[attr-defined]
        name = relation.replace("'", "''")
        if self.engine == "postgres":
            return dict(
                self.rows(
                    "select attname, format_type(atttypid, null) from pg_attribute"
                    f" where attrelid = to_regclass('\"{name}\"') and attnum > 0"
                    " and not attisdropped order by attnum"
                )
            )
        return dict(self.rows(f"select name, type from pragma_table_info('{name}')"))

    def define(self, name: str, function: Callable[[Any], Any]) -> None:
        """Let the SQL of SQLite call a function of one value."""
        self._connection.create_function(name, 1, function, deterministic=True)

    def limit(self, seconds: float) -> None:
        """Let queries of SQLite and PostgreSQL fail from so many seconds on."""
        if self.engine == "postgres":
            self._connection.execute(f"set statement_timeout = {round(seconds * 1000)}")
            return
        end = time.monotonic() + seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)

    def shadow(self, relation: str, columns: str, is_through: bool = True) -> None:
        """Show queries a temporary view in the place of a table or view.

        `columns` is what the view selects from it. Unless it is looked through, SQLite
        works the view out before it joins it: what it shows gets an index.
        """
        whole = f'main."{relation}"'
        if self.engine == "duckdb":  # which finds the temporary view by `main`, too
            ((catalogue,),) = self.rows("select current_database()")
            whole = f'"{catalogue}".{whole}'
        create = "create or replace temp view"
        if self.engine == "sqlite":
            self.prepare(f'drop view if exists temp."{relation}"')
            create = "create temp view"
            whole += "" if is_through else " limit -1"
        self.prepare(f'{create} "{relation}" as select {columns} from {whole}')

    def prepare(self, sql: str) -> None:
        """Run a statement that makes something temporary; raises QueryError."""
        writes, reads = READING.get(self.engine, (None, None))
        try:
            if writes:
                self._connection.execute(writes)
            self._connection.execute(sql)
            if reads:
                self._connection.execute(reads)
        except self._errors as error:
            raise QueryError(self._plain(error)) from None

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        """Read from one snapshot, even if others write meanwhile."""
        if self.engine == "spark":  # a table is as it was last put in place
            yield
            return
        isolation = " isolation level repeatable read" * (self.engine == "postgres")
        self._connection.execute(f"begin{isolation}")
        try:
            yield
        finally:
            self._connection.execute("rollback")

    def tables(self) -> set[str]:
        """Return the names of its tables, without its views."""
        return self._relations("table")

    def views(self) -> set[str]:
        """Return the names of its views."""
        return self._relations("view")

    def _relations(self, kind: str) -> set[str]:
        if self.engine == "spark":
            return set(self._connection.names(kind))  # type: ignore[attr-defined]
        sql = f"select name from sqlite_master where type = '{kind}'"  # DuckDB's too
        if self.engine == "postgres":
            sql = (
                "select relname from pg_class where relnamespace = 'main'::regnamespace"
                f" and relkind = '{'r' if kind == 'table' else 'v'}'"
            )
        return {name for (name,) in self.rows(sql)}


@contextmanager
def opened(settings: Settings) -> Iterator[Warehouse]:
    """Open the warehouse of the settings; raises QueryError if there is none."""
    if not settings.database.exists():
        raise QueryError(f"{settings.database} does not exist; make run makes it")
    if not holds(settings.database):
        raise QueryError(f"{settings.database} is empty; make run fills it")
    name = str(settings.database)
    errors: type[Exception] = sqlite3.Error
    if settings.engine == "duckdb":
        import duckdb

        errors = duckdb.Error
    elif settings.engine == "spark":
        from scripts import dbt_core

        errors = dbt_core.errors_of_spark()
    connection: Any
    try:
        if settings.engine == "spark":
            settings.choose()
            connection = dbt_core.look_on_spark(PROJECT)
        elif settings.engine == "duckdb":
            connection = duckdb.connect(name, read_only=True)
        elif settings.engine == "postgres":
            connection = connect_to_look(settings.database)
        else:
            connection = to_read(settings.database)
    except errors as error:
        raise QueryError(f"{name}: {error}") from None
    with closing(connection):
        yield Warehouse(name, connection, errors, settings.engine)


def to_read(database: Path) -> sqlite3.Connection:
    """Open a SQLite file for reading, and leave no file beside it.

    Who may only read cannot clear away what SQLite puts there, so a connection that
    may write runs nothing but queries.
    """
    if not os.access(database, os.W_OK) or not os.access(database.parent, os.W_OK):
        return connect_to_look(database)
    # a URI: a path may hold what it gives a meaning to
    connection = sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True)
    connection.execute("pragma query_only = on")
    return connection
