"""The database: a file opened by Python's own sqlite3, or a server's; errors plainly.

A path that ends in `.postgres` stands for a database on a server, see `postgres.py`.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from .errors import IngestError

SERVERS = ".postgres"
"""Suffix of a path that stands for a database on a server."""

BUSY_SECONDS = 30


def connect(db: Path) -> sqlite3.Connection:
    """Open `db` for writing, creating it and its folder if need be.

    Raises IngestError in one line if it is no database or cannot be written.
    """
    if db.suffix == SERVERS:
        from . import postgres

        return postgres.connect(db)  # type: ignore[return-value]
    if db.is_dir():
        raise IngestError(f"{db} is a folder, not a database file")
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IngestError(f"{db.parent} cannot be made: {error.strerror}") from None
    conn = None
    try:
        conn = sqlite3.connect(db, timeout=BUSY_SECONDS, isolation_level=None)
        conn.execute("pragma journal_mode = wal")
        with transaction(conn):
            pass  # a database that cannot be written shows itself here
    except sqlite3.Error as error:
        if conn:
            conn.close()
        raise plain(error, db) from None
    return conn


def connect_to_look(db: Path) -> sqlite3.Connection:
    """Open an existing `db` without writing so much as a file beside it."""
    if db.suffix == SERVERS:
        from . import postgres

        return postgres.connect_to_look(db)  # type: ignore[return-value]
    wal = db.with_name(db.name + "-wal")
    has_wal = wal.exists() and wal.stat().st_size > 0
    mode = "mode=ro" if has_wal else "mode=ro&immutable=1"
    return sqlite3.connect(f"{db.resolve().as_uri()}?{mode}", uri=True)


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """One transaction, the write lock taken at once; nested use joins it."""
    if conn.in_transaction:
        yield
        return
    conn.execute("begin immediate")
    try:
        yield
    except BaseException:
        if conn.in_transaction:  # a full disk has rolled back already
            conn.execute("rollback")
        raise
    conn.execute("commit")


def plain(error: sqlite3.Error, db: Path) -> IngestError:
    """What an error of SQLite means to the person at the keyboard."""
    text = str(error)
    if "locked" in text:
        return IngestError(f"{db} is locked: another program is writing to it")
    if "not a database" in text:
        return IngestError(f"{db} is not an SQLite database")
    if "readonly" in text or "unable to open" in text:
        return IngestError(f"{db} cannot be written: no permission")
    if "full" in text:
        return IngestError(f"{db}: the disk is full; what was complete is kept")
    return IngestError(f"{db}: {text}")


class Catalogue(Protocol):
    """Tables of a database, made as the ledger and bronze declare them."""

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns; none if there is no table."""

    def create(
        self,
        table: str,
        columns: Mapping[str, type],
        key: str,
        not_null: Iterable[str],
        references: Iterable[tuple[str, str]],
        is_issued: bool = False,
    ) -> None:
        """Make a table; of `is_issued` each key is a number that was never there."""

    def add_column(self, table: str, name: str, kind: type) -> None:
        """Add a column to a table."""

    def index(self, table: str, column: str) -> None:
        """Index a column, if that is not done."""

    def insert(self, table: str, key: str, row: Mapping[str, Any]) -> int:
        """Add a row to a table of the ledger; return its number."""

    def insert_all(
        self, table: str, key: str, names: list[str], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        """Add rows to a table of the ledger."""


class _Tables:
    """Those of SQLite."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        from sqlite_utils import Database  # takes its time to load

        self._conn = conn
        self._db = Database(conn, recursive_triggers=False, execute_plugins=False)

    def columns(self, table: str) -> list[str]:
        made = self._db.table(table)
        return list(made.columns_dict) if made.exists() else []

    def create(
        self,
        table: str,
        columns: Mapping[str, type],
        key: str,
        not_null: Iterable[str],
        references: Iterable[tuple[str, str]],
        is_issued: bool = False,
    ) -> None:
        sql = self._db.create_table_sql(
            table,
            dict(columns),
            pk=key,
            not_null=list(not_null),
            foreign_keys=list(references),
            strict=True,
        )
        if is_issued:  # or SQLite would issue that of a deleted newest row again
            sql = sql.replace("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT", 1)
        self._conn.execute(sql)

    def add_column(self, table: str, name: str, kind: type) -> None:
        self._db.table(table).add_column(name, kind)

    def index(self, table: str, column: str) -> None:
        self._db.table(table).create_index([column], if_not_exists=True)

    def insert(self, table: str, key: str, row: Mapping[str, Any]) -> int:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        sql = f"insert into {table} ({names}) values ({marks})"
        return self._conn.execute(sql, list(row.values())).lastrowid or 0

    def insert_all(
        self, table: str, key: str, names: list[str], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        marks = ", ".join("?" * len(names))
        sql = f"insert into {table} ({', '.join(names)}) values ({marks})"
        self._conn.executemany(sql, rows)


def catalogue(conn: Any) -> Catalogue:
    """Return the tables of a database that is open."""
    if isinstance(conn, sqlite3.Connection):
        return _Tables(conn)
    from . import postgres

    return postgres.Catalogue(conn)


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """An identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'
