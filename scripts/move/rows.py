"""The rows of a warehouse as they lie there, whatever engine holds them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scripts.ingest.bronze import META
from scripts.ingest.database import catalogue, connect, quoted
from scripts.ingest.sources import load_ledger, load_sources
from scripts.settings import Settings

AT_ONCE = 5_000
"""How many rows are held."""
ALERTS = "_alerts"
_OF_LAKE = ["_record", "_line", "_delivered_at"]

Rows = Iterator[list[tuple[Any, ...]]]


class Bronze(NamedTuple):
    """A table of delivered rows."""

    source: str
    name: str

    @property
    def identifier(self) -> str:
        """What it is called in a database."""
        return f"bronze_{self.source}__{self.name}"


class Source:
    """An open warehouse to read from."""

    def __init__(self, chosen: Settings) -> None:
        self._lake = chosen.lake
        self.conn: Any = connect(chosen.ledger)
        self._tables = catalogue(self.conn)

    def close(self) -> None:
        """Let go of it."""
        self.conn.close()

    def ledger(self) -> Iterator[tuple[str, list[str], Rows]]:
        """Give each table of the ledger with its columns and rows, parents first."""
        for table in load_ledger():
            if columns := self._tables.columns(table.name):
                yield table.name, columns, self._rows(table.name, columns, columns[0])
        if columns := self._tables.columns(ALERTS):
            yield ALERTS, columns, self._rows(ALERTS, columns, columns[0])

    def issued(self) -> dict[str, int]:
        """Return the last number that was issued for each table of the ledger."""
        if isinstance(self.conn, sqlite3.Connection):
            sql = "select name, seq from sqlite_sequence"
        else:
            sql = "select name, number from _ingest_numbers"
        return dict(self.conn.execute(sql).fetchall())

    def bronze(self) -> Iterator[tuple[Bronze, list[str], Rows]]:
        """Give each table of bronze with its columns and rows, file by file.

        Also those that are declared no longer.
        """
        declared = {
            Bronze(source.name, table.name)
            for source in load_sources().values()
            for table in source.tables
        }
        landed = self.conn.execute(
            "select distinct source_name, table_name from ingest_files"
            " where status = 'landed'"
        ).fetchall()
        for table in sorted(declared | {Bronze(*names) for names in landed}):
            if self._lake:
                yield from self._of_lake(self._lake, table)
            elif columns := self._tables.columns(table.identifier):
                order = "_file_id, _row_id"
                yield table, columns, self._rows(table.identifier, columns, order)

    def _rows(self, table: str, columns: list[str], order: str) -> Rows:
        names = ", ".join(map(quoted, columns))
        sql = f"select {names} from {quoted(table)} order by {order}"
        if hasattr(self.conn, "stream"):
            yield from self.conn.stream(sql, AT_ONCE)
            return
        answer = self.conn.execute(sql)
        while rows := answer.fetchmany(AT_ONCE):
            yield rows

    def _of_lake(
        self, lake: Path, table: Bronze
    ) -> Iterator[tuple[Bronze, list[str], Rows]]:
        import pyarrow.parquet as pq

        folder = lake / table.source / table.name
        files = self.conn.execute(
            "select file_id, batch_id, loaded_at from ingest_files"
            " where status = 'landed' and source_name = ? and table_name = ?"
            " order by file_id",
            table,
        ).fetchall()
        paths = [
            folder / f"{number}.parquet" for number in (0, *(f for f, *_ in files))
        ]
        given: dict[str, None] = {}
        for path in filter(lambda path: path.exists(), paths):
            given |= dict.fromkeys(pq.read_schema(path).names)
        if not given:
            return
        columns = [n for n in given if n not in {*_OF_LAKE, "_extra"}] + ["_extra"]

        def rows() -> Rows:
            number = 0
            for (file_id, batch_id, loaded_at), path in zip(
                files, paths[1:], strict=True
            ):
                with pq.ParquetFile(path) as file:
                    for group in file.iter_batches(AT_ONCE):
                        found = group.to_pydict()
                        nothing = [None] * group.num_rows
                        values = [found.get(n, nothing) for n in [*_OF_LAKE, *columns]]
                        page = []
                        for record, line, time, *rest in zip(*values, strict=True):
                            number += 1
                            own = number, file_id, record, line, batch_id, loaded_at
                            page.append((*own, time, *rest))
                        yield page

        yield table, [*META, *columns], rows()
