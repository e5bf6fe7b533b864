"""Where rows land: what every kind of bronze can do, and the SQLite tables."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Protocol

from sqlite_utils import Database

from .database import literal, quoted
from .errors import IngestError
from .inbox import Delivery
from .readers import Reject
from .readers.base import dumps
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
            return lambda rows, size: any(False for _ in rows)

        return read(delivery, sink, reject, progress, looks=True)

    def count(self, table: Table, file_id: int) -> int | None:
        return None

    def publish(self) -> None:
        pass

    def close(self) -> None:
        pass


class Tables(Nowhere):
    """Rows in tables of the SQLite warehouse, beside the ledger."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.db = Database(conn, recursive_triggers=False, execute_plugins=False)

    def create(self, table: Table) -> list[str]:
        made = self.db.table(table.identifier)
        declared = {column.name: str for column in table.columns}
        if not made.exists():
            made.create(
                {**META, **declared, "_extra": str},
                pk="_row_id",
                not_null=_NOT_NULL,
                foreign_keys=[
                    ("_file_id", "ingest_files"),
                    ("_batch_id", "ingest_batches"),
                ],
                strict=True,
            )
            return []
        existing = {name.casefold() for name in made.columns_dict}
        if not existing >= {*META, "_extra"}:
            raise IngestError(f"table {table.identifier} exists and is not bronze")
        added = [name for name in declared if name.casefold() not in existing]
        for name in added:
            made.add_column(name, str)
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
        def sink(columns: list[str]) -> Write:
            insert, values, width = self._insert(delivery, columns, facts)
            at_once = max(1, _AT_ONCE // width)
            several = insert + ", ".join([values] * at_once)

            def write(rows: Iterable, size: int) -> None:
                rows = iter(rows)
                while size < _LARGE:
                    some = list(islice(rows, at_once))
                    if len(some) < at_once:
                        rows = some
                        break
                    self.conn.execute(several, list(chain.from_iterable(some)))
                self.conn.executemany(insert + values, rows)

            return write

        reading = read(delivery, sink, reject, progress)
        # once the first rows are in: one sort instead of an insert a row
        made = self.db.table(delivery.table.identifier)
        made.create_index(["_file_id"], if_not_exists=True)
        return reading

    def count(self, table: Table, file_id: int) -> int | None:
        sql = f"select count(*) from {quoted(table.identifier)} where _file_id = ?"
        return self.conn.execute(sql, (file_id,)).fetchone()[0]

    def _insert(
        self, delivery: Delivery, columns: list[str], facts: dict[str, object]
    ) -> tuple[str, str, int]:
        """The statement but for its rows, one row, and how many values that binds.

        What is the same in all rows stands in it.
        """
        bound = [*columns, "_record", "_line"]
        fixed = {
            "_file_id": str(facts["file_id"]),
            "_batch_id": str(facts["batch_id"]),
            "_loaded_at": f"'{facts['loaded_at']}'",
        }
        for constant in delivery.table.constants:
            value = constant.of(delivery.name)
            fixed[constant.column] = "null" if value is None else literal(value)
        if delivery.table.delivery_column:
            bound.append("_delivered_at")
        elif delivery.delivered_at:
            fixed["_delivered_at"] = f"'{delivery.delivered_at}'"
        names = ", ".join(map(quoted, [*bound, *fixed]))
        values = ", ".join(["?"] * len(bound) + list(fixed.values()))
        table = quoted(delivery.table.identifier)
        return f"insert into {table} ({names}) values ", f"({values})", len(bound)


def taken_from(extra: str, headers: Iterable[str]) -> Iterator[str | None]:
    """The values of some headers, then what is left of `_extra`."""
    values = json.loads(extra)
    yield from [values.pop(header, None) for header in headers]
    yield dumps(values) if values else None
