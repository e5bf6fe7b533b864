"""Where rows land: what every kind of bronze can do, and the SQLite tables."""

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, Protocol

from .database import catalogue, literal, quoted
from .errors import IngestError
from .inbox import Delivery
from .readers import Reject
from .readers.base import cut, dumps
from .reading import Progress, Reading, Write, read
from .sources import Table

META = {
    "_row_id": int,
    "_file_id": int,
    "_record": int,
    "_line": int,
    "_batch_id": int,
    "_loaded_at": str,
    "_delivered_at": str,
}
ReadTime = Callable[[str | None], str | None]
"""Makes a delivery time of a value."""
_AT_ONCE = 1_000  # values of one statement; one for each row costs a sixth more
_LARGE = 1 << 20  # characters of rows that go one by one: SQLite holds what it binds
_LONG = 1_000  # characters of a row that may hold a value too long for PostgreSQL
_NOT_NULL = ["_file_id", "_record", "_batch_id", "_loaded_at"]


class Bronze(Protocol):
    """A place for the rows of all declared tables.

    All of it happens within the ledger's open transaction, file by file.
    """

    def create(self, table: Table) -> list[str]:
        """Make the table, empty; return the columns that an older one lacked."""

    def complete(self, table: Table, file_id: int, headers: dict[str, str]) -> None:
        """Fill columns declared later (column → header) from `_extra`."""

    def date(
        self, table: Table, file_id: int, column: str | None, read: ReadTime
    ) -> str | None:
        """Give the rows of a file their delivery times: what `read` makes of a
        column, or of nothing for all of them; return the latest."""

    def prepare(self, deliveries: Iterable[Delivery]) -> None:
        """The tables are settled; begin reading what comes next, if of use."""

    def land(
        self,
        delivery: Delivery,
        facts: dict[str, object],
        reject: Callable[[list[Reject]], None],
        progress: Progress,
    ) -> Reading:
        """Land one file. `facts`: file_id, batch_id and loaded_at of its rows."""

    def count(self, table: Table, file_id: int) -> int | None:
        """How many rows of a file lie there; None if nothing is kept."""

    def publish(self) -> None:
        """Show to others what the ledger has committed."""

    def close(self) -> None:
        """Leave nothing behind."""


class Nowhere:
    """Rows are read and forgotten: what a dry run does."""

    def create(self, table: Table) -> list[str]:
        return []

    def complete(self, table: Table, file_id: int, headers: dict[str, str]) -> None:
        pass

    def date(
        self, table: Table, file_id: int, column: str | None, read: ReadTime
    ) -> str | None:
        return None

    def prepare(self, deliveries: Iterable[Delivery]) -> None:
        pass

    def land(
        self,
        delivery: Delivery,
        facts: dict[str, object],
        reject: Callable[[list[Reject]], None],
        progress: Progress,
    ) -> Reading:
        def sink(columns: list[str]) -> Write:
            return _forget

        return read(delivery, sink, reject, progress, looks=True)

    def count(self, table: Table, file_id: int) -> int | None:
        return None

    def publish(self) -> None:
        pass

    def close(self) -> None:
        pass


def _forget(rows: Iterable[Sequence[Any]], size: int) -> None:
    deque(rows, maxlen=0)


class Tables(Nowhere):
    """Rows in tables of the SQLite warehouse, beside the ledger."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._tables = catalogue(conn)

    def create(self, table: Table) -> list[str]:
        made = self._tables.columns(table.identifier)
        declared = {column.name: str for column in table.columns}
        if not made:
            self._tables.create(
                table.identifier,
                {**META, **declared, "_extra": str},
                "_row_id",
                _NOT_NULL,
                [("_file_id", "ingest_files"), ("_batch_id", "ingest_batches")],
            )
            return []
        existing = {name.casefold() for name in made}
        if not existing >= {*META, "_extra"}:
            raise IngestError(f"table {table.identifier} exists and is not bronze")
        added = [name for name in declared if name.casefold() not in existing]
        for name in added:
            self._tables.add_column(table.identifier, name, str)
        return added

    def complete(self, table: Table, file_id: int, headers: dict[str, str]) -> None:
        name = quoted(table.identifier)
        sets = "".join(f"{quoted(column)} = ?, " for column in headers)
        update = f"update {name} set {sets}_extra = ? where _row_id = ?"
        rows = self.conn.execute(
            f"select _row_id, _extra from {name} "
            "where _file_id = ? and _extra is not null",
            (file_id,),
        )
        while page := rows.fetchmany(10_000):
            self.conn.executemany(
                update,
                (
                    (*taken_from(extra, headers.values()), row_id)
                    for row_id, extra in page
                ),
            )

    def date(
        self, table: Table, file_id: int, column: str | None, read: ReadTime
    ) -> str | None:
        name = quoted(table.identifier)
        given = quoted(column) if column else "null"
        texts = self.conn.execute(
            f"select distinct {given} from {name} where _file_id = ?", (file_id,)
        ).fetchall()
        times = {text: read(text) for (text,) in texts}
        self.conn.executemany(
            f"update {name} set _delivered_at = ?"
            f" where _file_id = ? and {given} is ? and _delivered_at is not ?",
            ((time, file_id, text, time) for text, time in times.items()),
        )
        return max(filter(None, times.values()), default=None)

    def land(
        self,
        delivery: Delivery,
        facts: dict[str, object],
        reject: Callable[[list[Reject]], None],
        progress: Progress,
    ) -> Reading:
        sink = partial(self._sink, delivery, facts)
        reading = read(delivery, sink, reject, progress)
        # once the first rows are in: one sort instead of an insert a row
        self._tables.index(delivery.known_table.identifier, "_file_id")
        return reading

    def _sink(
        self, delivery: Delivery, facts: dict[str, object], columns: list[str]
    ) -> Write:
        insert, values, width = self._insert(delivery, columns, facts)
        at_once = max(1, _AT_ONCE // width)
        several = insert + ", ".join([values] * at_once)

        def write(rows: Iterable[Sequence[Any]], size: int) -> None:
            rows = iter(rows)
            while size < _LARGE:
                some = list(islice(rows, at_once))
                if len(some) < at_once:
                    rows = some
                    break
                self.conn.execute(several, list(chain.from_iterable(some)))
            self.conn.executemany(insert + values, rows)

        return write

    def count(self, table: Table, file_id: int) -> int | None:
        sql = f"select count(*) from {quoted(table.identifier)} where _file_id = ?"
        return self.conn.execute(sql, (file_id,)).fetchone()[0]

    def _insert(
        self, delivery: Delivery, columns: list[str], facts: dict[str, object]
    ) -> tuple[str, str, int]:
        """The statement but for its rows, one row, and how many values that binds.

        It has what is the same in all rows.
        """
        bound, same = _bound(delivery, columns), _same(delivery, facts)
        fixed = ["null" if v is None else literal(v) for v in same.values()]
        names = ", ".join(map(quoted, [*bound, *same]))
        values = ", ".join(["?"] * len(bound) + fixed)
        table = quoted(delivery.known_table.identifier)
        return f"insert into {table} ({names}) values ", f"({values})", len(bound)


class CopiedTables(Tables):
    """Rows in tables of a warehouse on a PostgreSQL server, by COPY."""

    def _sink(
        self, delivery: Delivery, facts: dict[str, object], columns: list[str]
    ) -> Write:
        from .postgres import line, too_long

        table = delivery.known_table.identifier
        (number,) = self.conn.execute(
            f"select coalesce(max(_row_id), 0) from {quoted(table)}"
        ).fetchone()
        bound, same = _bound(delivery, columns), _same(delivery, facts)
        names = ["_row_id", *bound, *same]
        behind, width = list(same.values()), len(columns)

        def lines(
            rows: Iterable[Sequence[Any]], refused: list[Reject]
        ) -> Iterator[str]:
            nonlocal number
            for row in rows:
                record, at, *time = row[width:]
                text = line([
                    str(number + 1), *row[:width], str(record),
                    None if at is None else str(at), *time, *behind,
                ])  # fmt: skip
                if len(text) > _LONG and (reason := too_long(columns, row)):
                    raw = cut(dumps(dict(zip(columns, row, strict=False))))
                    refused.append(Reject(record, at, at, reason, raw))
                    continue
                number += 1
                yield text

        def write(rows: Iterable[Sequence[Any]], size: int) -> list[Reject]:
            refused: list[Reject] = []
            self.conn.copy(table, names, lines(rows, refused))  # type: ignore[attr-defined]
            return refused

        return write


def _bound(delivery: Delivery, columns: list[str]) -> list[str]:
    """The columns that differ from row to row, in the order of what is read."""
    bound = [*columns, "_record", "_line"]
    return [*bound, "_delivered_at"] if delivery.known_table.delivery_column else bound


def _same(delivery: Delivery, facts: dict[str, object]) -> dict[str, str | None]:
    """What is the same in all rows."""
    same: dict[str, str | None] = {
        "_file_id": str(facts["file_id"]),
        "_batch_id": str(facts["batch_id"]),
        "_loaded_at": str(facts["loaded_at"]),
    }
    for constant in delivery.known_table.constants:
        same[constant.column] = constant.of(delivery.name)
    if not delivery.known_table.delivery_column and delivery.delivered_at:
        same["_delivered_at"] = delivery.delivered_at
    return same


def taken_from(extra: str, headers: Iterable[str]) -> Iterator[str | None]:
    """The values of some headers, then what is left of `_extra`."""
    values = json.loads(extra)
    yield from [values.pop(header, None) for header in headers]
    yield dumps(values) if values else None
