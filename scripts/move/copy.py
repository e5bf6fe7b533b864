"""Writing what was read into another warehouse, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from scripts.alerts.told import TABLE
from scripts.command import CommandError
from scripts.durable import sync
from scripts.ingest import lock
from scripts.ingest.bronze import META
from scripts.ingest.database import catalogue, connect, quoted, transaction
from scripts.ingest.ledger import Ledger
from scripts.ingest.postgres import line, too_long
from scripts.move.rows import ALERTS, Bronze, Rows, Source
from scripts.settings import Settings, holds

NOT_NULL = ["_file_id", "_record", "_batch_id", "_loaded_at"]


class MoveError(CommandError):
    """Nothing was moved; the message is one line for the user."""


def move(source: Settings, target: Settings) -> dict[str, int]:
    """Copy ledger and bronze of a warehouse into an empty one on any engine.

    The source stays as it is. The target is whole at the end, or empty. Returns how
    many rows each table has. Raises MoveError.
    """
    is_shared = bool(source.lake) and source.lake == target.lake
    if source.engine == target.engine and (
        source.url or source.ledger == target.ledger
    ):
        raise MoveError(f"{source.database} would be moved to itself")
    if not holds(source.database) and not holds(source.ledger):
        raise MoveError(f"{source.database} does not exist; make run makes it")
    with lock(source.database), lock(target.database):
        if is_shared:  # which the other engine reads as it is
            return {}
        check(target)
        with closing(Source(source)) as found:
            kind = KINDS.get(target.engine, _File)
            with kind(target).whole() as writer:
                return writer.write(found)


def check(target: Settings) -> None:
    """Raise MoveError if a table of the target has a row."""
    for path in filter(None, {target.database, target.ledger}):
        if target.engine != "postgres" and not holds(path):
            continue
        for name in _filled(target, path):
            raise MoveError(
                f"{path} holds rows (in {name}): name a database that is new"
            )
    if target.lake and any(target.lake.glob("*/*/*")):
        raise MoveError(f"{target.lake} holds files: name a database that is new")


def _filled(target: Settings, path: Path) -> Iterator[str]:
    conn: Any
    names = "select name from sqlite_master where type = 'table'"
    if target.engine == "duckdb" and path == target.database:
        import duckdb

        conn = duckdb.connect(str(path), read_only=True)
    else:
        conn = connect(path)
        if target.engine == "postgres":
            names = (
                "select relname from pg_class where relkind = 'r'"
                " and relnamespace = 'main'::regnamespace"
            )
    with closing(conn):
        for (name,) in conn.execute(names).fetchall():
            is_own = name.startswith("sqlite_") or name == "_ingest_numbers"
            sql = f"select 1 from {quoted(name)} limit 1"
            if not is_own and conn.execute(sql).fetchone():
                yield name


class _Writer:
    """What the targets have in common: the ledger, and tables of rows."""

    def __init__(self, target: Settings) -> None:
        self.target = target
        self.conn: Any = None

    @contextmanager
    def whole(self) -> Iterator[_Writer]:
        """Keep all that is written meanwhile, or nothing."""
        raise NotImplementedError
        yield self

    def write(self, source: Source) -> dict[str, int]:
        """Write all that the source has; return how many rows each table got."""
        counts = {}
        Ledger(self.conn).create()
        for name, columns, rows in source.ledger():
            if name == ALERTS:
                self.conn.execute(TABLE)
            counts[name] = self.add(name, columns, rows)
        for name, number in source.issued().items():
            self.issue(name, number)
        for table, columns, rows in source.bronze():
            counts[table.identifier] = self.add_bronze(table, columns, rows)
        return counts

    def add(self, table: str, columns: list[str], rows: Rows) -> int:
        """Add rows to a table that is there; return how many."""
        known = catalogue(self.conn).columns(table)
        for name in columns:
            if name not in known:  # of a column that is declared no longer
                catalogue(self.conn).add_column(table, name, str)
        names = ", ".join(map(quoted, columns))
        marks = ", ".join("?" * len(columns))
        count = 0
        for page in rows:
            self.conn.executemany(
                f"insert into {quoted(table)} ({names}) values ({marks})", page
            )
            count += len(page)
        return count

    def issue(self, table: str, number: int) -> None:
        """Note the last number that was issued for a table of the ledger."""
        self.conn.execute(
            "update sqlite_sequence set seq = ? where name = ?", (number, table)
        )

    def add_bronze(self, table: Bronze, columns: list[str], rows: Rows) -> int:
        """Make a table of bronze, and add its rows."""
        made = catalogue(self.conn)
        delivered = {name: str for name in columns if name not in META}
        parents = [("_file_id", "ingest_files"), ("_batch_id", "ingest_batches")]
        made.create(
            table.identifier, {**META, **delivered}, "_row_id", NOT_NULL, parents
        )
        count = self.add(table.identifier, columns, rows)
        made.index(table.identifier, "_file_id")
        return count


class _File(_Writer):
    """An SQLite file, written under another name."""

    @contextmanager
    def whole(self) -> Iterator[_Writer]:
        path = self.target.database
        draft = path.with_name(f".{path.name}.draft")
        _remove(draft)
        try:
            with closing(connect(draft)) as self.conn:
                self.conn.execute("pragma synchronous = full")
                with transaction(self.conn):
                    yield self
            draft.replace(path)
            sync(path.parent)
        finally:
            _remove(draft)


class _Server(_Writer):
    """A database on a server, in one transaction."""

    @contextmanager
    def whole(self) -> Iterator[_Writer]:
        with (
            closing(connect(self.target.database)) as self.conn,
            transaction(self.conn),
        ):
            yield self

    def add(self, table: str, columns: list[str], rows: Rows) -> int:
        count = 0
        super().add(table, columns, iter(()))
        is_bronze = columns[0] in META
        for page in rows:
            for row in page if is_bronze else ():
                if reason := too_long(columns, row):
                    raise MoveError(f"{table}, row {row[0]}: {reason} of PostgreSQL")
            self.conn.copy(
                table,
                columns,
                (line([None if v is None else str(v) for v in row]) for row in page),
            )
            count += len(page)
        return count

    def issue(self, table: str, number: int) -> None:
        self.conn.execute(
            "update _ingest_numbers set number = ? where name = ?", (number, table)
        )


class _Lake(_Writer):
    """A folder of Parquet files with its ledger, written under another name."""

    @contextmanager
    def whole(self) -> Iterator[_Writer]:
        from scripts.ingest.lake import Lake

        lake = self.target.lake or self.target.database.with_suffix(".lake")
        self._draft = lake.with_name(f".{lake.name}.draft")
        shutil.rmtree(self._draft, ignore_errors=True)
        try:
            with closing(connect(self._draft / "ledger.db")) as self.conn:
                yield self
                Lake(self._draft, self.conn).publish()
            with suppress(FileNotFoundError):
                shutil.rmtree(lake)  # holds nothing, or what a run swept
            self._draft.rename(lake)
        finally:
            shutil.rmtree(self._draft, ignore_errors=True)

    def add_bronze(self, table: Bronze, columns: list[str], rows: Rows) -> int:
        from scripts.ingest.lake import write_file

        folder = self._draft / table.source / table.name
        delivered = [name for name in columns if name not in META]
        place = {name: at for at, name in enumerate(columns)}
        order = [place[n] for n in [*delivered, "_record", "_line", "_delivered_at"]]
        landed = self.conn.execute(
            "select file_id from ingest_files"
            " where status = 'landed' and source_name = ? and table_name = ?",
            table,
        )
        for number in [0, *(file_id for (file_id,) in landed)]:
            write_file(folder / f"{number}.parquet", delivered, ())
        count = 0
        each = (row for page in rows for row in page)
        for file_id, of_file in groupby(each, key=itemgetter(place["_file_id"])):
            given = (tuple(row[at] for at in order) for row in of_file)
            count += write_file(folder / f"{file_id}.parquet", delivered, given)
        return count


KINDS: dict[str, type[_Writer]] = {"duckdb": _Lake, "spark": _Lake, "postgres": _Server}
"""What writes for which engine; an SQLite file is the rest."""


def _remove(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
