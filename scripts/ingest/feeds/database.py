"""A table of another database, read window by window of a column that grows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ..declared import Database
from ..errors import Refusal
from ..inbox import Delivery
from ..ledger import Ledger
from ..outcome import Outcome
from ..sources import Source
from .base import Position, table_of

NOTHING = "[]\n"
STREAMED = 1_000
"""Rows that are in memory at once."""
READ_ONLY = {
    "sqlite": "pragma query_only = on",
    "postgresql": "set session characteristics as transaction read only",
    "mysql": "set session transaction read only",
    "mariadb": "set session transaction read only",
}


class DatabaseFeed:
    """The rows of one table, in the order of its cursor column.

    A window ends with all rows of its last value, so none falls between two.
    Rows without a value are a window of their own, read again in every run.
    """

    stops = True

    def __init__(self, source: Source, declared: Database) -> None:
        self.source = source
        self.declared = declared
        self._table = table_of(source, declared.table)
        try:
            self._engine = sa.create_engine(declared.url, pool_pre_ping=True)
        except (SQLAlchemyError, ValueError) as error:
            raise Refusal(_plain(error), retry=True) from None
        url = self._engine.url
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            raise Refusal(f"{url.database} does not exist", retry=True)
        sa.event.listen(self._engine, "connect", self._forbid_writing)

    def deliveries(self, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
        position = Position(ledger, self._table, self.declared.name)
        try:
            kept = position.read() or {"page": 0, "after": None}
            while (upper := self._upper(kept["after"])) is not None:
                window = self._between(kept["after"], upper)
                kept = {"page": kept["page"] + 1, "after": upper}
                name = f"{self.declared.name}/{kept['page']:06}.json"
                yield self._delivery(folder, name, window, json.dumps(kept))
            yield from self._without(position, folder)
        except SQLAlchemyError as error:
            raise Refusal(_plain(error), retry=True) from None
        finally:
            self._engine.dispose()

    def put_away(self, delivery: Delivery, outcome: Outcome) -> str | None:
        return None

    def _forbid_writing(self, connection: Any, record: Any) -> None:
        statement = READ_ONLY.get(self._engine.dialect.name)
        if statement:
            cursor = connection.cursor()
            cursor.execute(statement)
            cursor.close()
            connection.commit()

    # -- windows -------------------------------------------------------------

    @property
    def _relation(self) -> sa.TableClause:
        schema, _, name = self.declared.relation.rpartition(".")
        return sa.table(name, schema=schema or None)

    @property
    def _cursor(self) -> sa.ColumnClause:
        return sa.column(self.declared.cursor)

    def _upper(self, after: Any) -> Any:
        """The value that the next window ends with; None if nothing follows."""
        ordered = (
            sa.select(self._cursor)
            .select_from(self._relation)
            .where(self._follows(after))
            .order_by(self._cursor)
            .limit(self.declared.rows)
            .subquery()
        )
        with self._engine.connect() as connection:
            return _kept(connection.scalar(sa.select(sa.func.max(ordered.c[0]))))

    def _follows(self, after: Any) -> sa.ColumnElement[bool]:
        if after is None:
            return self._cursor.is_not(None)
        return self._cursor > _given(after)

    def _between(self, after: Any, upper: Any) -> sa.ColumnElement[bool]:
        return sa.and_(self._follows(after), self._cursor <= _given(upper))

    def _without(self, position: Position, folder: Path) -> Iterator[Delivery]:
        name = f"{self.declared.name}/without.json"
        delivery = self._delivery(folder, name, self._cursor.is_(None), None)
        is_empty = delivery.path.stat().st_size == len(NOTHING)
        if not is_empty or position.pages(name).get(name):
            yield delivery

    def _delivery(
        self,
        folder: Path,
        name: str,
        condition: sa.ColumnElement[bool],
        kept: str | None,
    ) -> Delivery:
        """Write the rows of a window to a file, a few at a time."""
        query = (
            sa.select(sa.text("*"))
            .select_from(self._relation)
            .where(condition)
            .order_by(self._cursor)
        )
        path = folder / "window.ndjson"
        with (
            self._engine.connect() as connection,
            path.open("w", encoding="utf-8") as file,
        ):
            rows = connection.execution_options(yield_per=STREAMED).execute(query)
            for row in rows.mappings():
                file.write(json.dumps(dict(row), ensure_ascii=False, default=_text))
                file.write("\n")
            if not file.tell():
                file.write(NOTHING)
        return Delivery(
            path, name, self.source.name, self._table, "json", position=kept
        )


def _text(value: Any) -> str:
    """A value that JSON has no form for, as text."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _kept(value: Any) -> Any:
    """A value of the cursor as it is kept in the ledger."""
    return value if isinstance(value, int | str | None) else _text(value)


def _given(value: Any) -> Any:
    """A kept value as a parameter whose type the database finds out itself."""
    return (
        sa.literal(value)
        if isinstance(value, int)
        else sa.literal(value, sa.types.NullType())
    )


def _plain(error: Exception) -> str:
    """The cause in one line, without statement, parameters and password."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0]
