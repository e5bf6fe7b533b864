"""Reading what was built, with queries as the other engines have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import islice
from typing import Any, TypeVar

from dbt.adapters.spark_strict import dialect
from dbt.adapters.spark_strict.connections import StrictConnections
from dbt.adapters.spark_strict.credentials import StrictCredentials
from dbt.adapters.spark_strict.names import ours, theirs
from dbt.adapters.spark_strict.session import Cursor, Handle, cloned

Answer = TypeVar("Answer")

_VIEW = re.compile(r"create or replace temp view\s+(\S+)\s+as\b", re.I)


class LookError(Exception):
    """A query that Spark cannot answer; the message is its first line."""


def _plainly(method: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(method)
    def called(*arguments: Any) -> Answer:
        try:
            return method(*arguments)
        except Exception as error:  # of Spark, of Java, of the translation
            lines = str(error).strip().splitlines() or [type(error).__name__]
            raise LookError(lines[0]) from None

    return called


class Look:
    """A connection for queries; its temporary views are its own."""

    @_plainly
    def __init__(self, credentials: StrictCredentials) -> None:
        self._session = cloned(StrictConnections.base(credentials))
        self._session.sql(f"use {credentials.database}.{credentials.schema}")
        self._schema = credentials.schema
        ledger = f"{credentials.external_root}/ledger.db"
        kept = StrictConnections.kept
        self._handle = Handle(self._session, credentials.path, ledger, kept=kept)

    @_plainly
    def execute(self, sql: str) -> Cursor:
        """Run a query, or make a temporary table or view."""
        cursor = self._handle.cursor()
        if view := _VIEW.match(sql):
            query = ours(dialect.translated(sql[view.end() :]))
            # as it is planned now: its text would be read again by each query
            self._session.sql(query).createOrReplaceTempView(view[1].strip('"'))
        else:
            cursor.execute(sql)
        return cursor

    def stream(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query, `size` at a time; a partition is held at once."""
        rows = self._partitions(sql)
        while page := self._page(rows, size):
            yield page

    @_plainly
    def _partitions(self, sql: str) -> Iterator[Any]:
        return self._session.sql(ours(dialect.translated(sql))).toLocalIterator()

    @_plainly
    def _page(self, rows: Iterator[Any], size: int) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in islice(rows, size)]

    @_plainly
    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation with their types."""
        fields = self._session.table(f"{self._schema}.`{relation}`").schema.fields
        types = {"string": "text"}
        kinds = ((f.name, f.dataType.simpleString()) for f in fields)
        return {theirs(name): types.get(kind, kind) for name, kind in kinds}

    @_plainly
    def names(self, kind: str) -> set[str]:
        """Return the names of all relations that are a `table`, or a `view`."""
        rows = self._session.sql(f"show {kind}s in {self._schema}").collect()
        return {row[f"{kind}Name"] for row in rows if not row.isTemporary}

    def close(self) -> None:
        """Leave the session open: starting one takes ten seconds."""
