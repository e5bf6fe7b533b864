"""The database file: opened by Python's own sqlite3, its errors put plainly."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import IngestError

BUSY_SECONDS = 30


def connect(db: Path) -> sqlite3.Connection:
    """Open `db` for writing, creating it and its folder if need be.

    Raises IngestError in one line if it is no database or cannot be written.
    """
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


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """An identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'
