"""A warehouse on a PostgreSQL server, for what talks to SQLite's connections.

Where the server is says WAREHOUSE_POSTGRES, a URL; what that leaves open, the usual
variables (PGHOST, PGPASSWORD …). Beside the data lies a file that notes which database
it is, without a password: it stands for the database wherever a path does.

The driver is psycopg2, which dbt-postgres brings. Statements are those of the ledger,
in SQLite's words where these are few: they are put into PostgreSQL's here. Errors are
raised as those of SQLite that mean the same, so that nobody has to know two kinds.
"""

from __future__ import annotations

import io
import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import errors, extensions, extras

from .database import transaction
from .errors import BusyError, IngestError

VARIABLE = "WAREHOUSE_POSTGRES"
SCHEMA = "main"
_DATABASE = "warehouse"
_MAKE = "create database {name} template template0 encoding 'UTF8' lc_collate 'C'"
_PLAIN = (
    "select 'B' < 'a' and 'a-b' < 'ab' and 'z' < 'é'"
    " and lower('É') = 'é' and lower('Ж') = 'ж'"
)
_LOCK = 7_283_002
_TYPES = {str: "text", int: "bigint"}
_NUMERIC = extensions.new_type(
    (1700,),
    "NUMERIC",
    lambda text, _: text if text is None else _number(text),
)


def url(given: str | None = None) -> str:
    """Return where the database is, complete but for what the environment says.

    Raises IngestError if `given`, or else the environment, is no URL of one.
    """
    given = os.environ.get(VARIABLE, "") if given is None else given
    try:
        known = extensions.parse_dsn(given) if given else {}
    except psycopg2.Error:
        # not shown: it may hold a password
        raise IngestError(f"{VARIABLE} is no URL of a PostgreSQL database") from None
    known.setdefault("dbname", os.environ.get("PGDATABASE") or _DATABASE)
    return str(extensions.make_dsn(**known))


def of_samples(place: str) -> str:
    """Return where samples go: into a database of their own beside it."""
    return str(extensions.make_dsn(place, dbname=f"{_name(place)}_demo"))


def shown(place: str) -> str:
    """Return where the database is as psql takes it, without a password."""
    known = extensions.parse_dsn(place)
    known.pop("password", None)
    return str(extensions.make_dsn(**known))


WORDS = (
    "create function round(double precision, integer) returns double precision"
    " language sql immutable strict parallel safe return"
    " pg_catalog.round($1::numeric, $2)::double precision",
    # PostgreSQL's own takes halves to the even number
    "create function round(double precision) returns double precision"
    " language sql immutable strict parallel safe return"
    " trunc($1 + case when $1 < 0 then -0.5 else 0.5 end)",
    "create function printf(text, bigint) returns text"
    " language sql immutable strict parallel safe return"
    " case $1 when '%,d' then to_char($2, 'FM9,999,999,999,999,999,999') end",
    # those of string_agg are for superusers
    "create function _joined(text, text, text) returns text"
    " language sql immutable parallel safe return coalesce($1 || $3 || $2, $1, $2)",
    "create aggregate group_concat(text, text) (sfunc = _joined, stype = text)",
)
"""Functions of SQLite and DuckDB that dashboards and questions call."""


class Connection:
    """What the ledger needs of a connection, each statement committed by itself."""

    def __init__(self, dsn: str, *, writes: bool = True) -> None:
        settings = {
            # our own functions first
            "search_path": f"{SCHEMA},pg_catalog",
            "timezone": "UTC",
            "datestyle": "ISO",
            "client_min_messages": "warning",
            "jit": "off",
            "default_transaction_read_only": "off" if writes else "on",
        }
        self._conn = psycopg2.connect(
            dsn,
            options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
            application_name="revenue-warehouse",
            connect_timeout=10,
        )
        self._conn.autocommit = True
        self._streams = 0
        extensions.register_type(_NUMERIC, self._conn)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._conn.status != extensions.STATUS_READY or (
            self._conn.get_transaction_status() != extensions.TRANSACTION_STATUS_IDLE
        )

    def execute(self, sql: str, values: Any = ()) -> Any:
        """Run a statement; the answer has its rows."""
        cursor = self._conn.cursor()
        with _as_sqlite():
            if values:
                cursor.execute(translated(sql), _bound(values))
            else:
                cursor.execute(translated(sql).replace("%%", "%"))
        return cursor

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of some rows."""
        cursor = self._conn.cursor()
        with _as_sqlite():
            extras.execute_batch(cursor, translated(sql), map(tuple, rows), 1_000)

    def stream(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query, so many at a time, and hold no more of them."""
        is_own = not self.in_transaction
        self._streams += 1
        name = f"_stream_{self._streams}"
        if is_own:
            self.execute("begin")
        try:
            self.execute(f"declare {name} no scroll cursor for {sql}")
            while rows := self.execute(f"fetch {size} from {name}").fetchall():
                yield rows
            self.execute(f"close {name}")
        finally:
            if is_own and not self._conn.closed:
                self.execute("rollback")

    def copy(self, table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
        """Add rows, each a line as COPY has them."""
        names = ", ".join(map(_quoted, columns))
        with _as_sqlite(), self._conn.cursor() as cursor:
            text = io.StringIO("".join(lines))
            sql = f"copy {_quoted(table)} ({names}) from stdin"
            cursor.copy_expert(sql, text, 1 << 20)

    def close(self) -> None:
        """Let go of it; what is not committed is undone."""
        self._conn.close()


def connect(db: Path) -> Connection:
    """Open the database for writing; makes it, its schema and the file if need be.

    Raises IngestError in one line if that cannot be.
    """
    dsn = url()
    try:
        try:
            conn = Connection(dsn)
        except psycopg2.OperationalError as error:
            if "does not exist" not in str(error) or "database" not in str(error):
                raise
            _make(dsn)
            conn = Connection(dsn)
    except psycopg2.Error as error:
        raise IngestError(f"PostgreSQL: {_line(error)}") from None
    try:
        _check(conn, _name(dsn))
        known = "select 1 from pg_namespace where nspname = ?"
        if not conn.execute(known, (SCHEMA,)).fetchone():
            conn.execute(f"create schema if not exists {SCHEMA}")
        known = "select 1 from pg_extension where extname = ?"
        if not conn.execute(known, ("pgcrypto",)).fetchone():
            conn.execute(f"create extension if not exists pgcrypto schema {SCHEMA}")
        known = "select to_regprocedure('main.group_concat(text, text)')"
        if conn.execute(known).fetchone() == (None,):  # the last of them
            with transaction(conn):  # type: ignore[arg-type]
                for statement in WORDS:
                    conn.execute(statement)
    except sqlite3.Error as error:
        conn.close()
        raise IngestError(f"PostgreSQL: {_name(dsn)}: {error}") from None
    except IngestError:
        conn.close()
        raise
    _note(db, dsn)
    return conn


def connect_to_look(db: Path) -> Connection:
    """Open the database for reading; raises sqlite3.OperationalError if it is gone."""
    with _as_sqlite():
        return Connection(url(), writes=False)


@contextmanager
def locked(db: Path) -> Iterator[None]:
    """Keep runs of other machines off the database; raises IngestError if one is on."""
    with closing(connect(db)) as conn:
        (is_free,) = conn.execute(f"select pg_try_advisory_lock({_LOCK})").fetchone()
        if not is_free:
            raise BusyError(f"{db} is in use by a run on another machine")
        yield


class Catalogue:
    """Tables of the schema, made as the ledger and bronze declare them."""

    numbers = "_ingest_numbers"
    """The last number that was issued for each table of the ledger.

    A sequence would count what was rolled back, and leave gaps that SQLite has not;
    and who issues a number here holds its row, so that writers wait for each other.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns; none if there is no table."""
        rows = self._conn.execute(
            "select attname from pg_attribute where attrelid = to_regclass(?)"
            " and attnum > 0 and not attisdropped order by attnum",
            (_quoted(table),),
        )
        return [name for (name,) in rows.fetchall()]

    def create(
        self,
        table: str,
        columns: Mapping[str, type],
        key: str,
        not_null: Iterable[str],
        references: Iterable[tuple[str, str]],
        is_issued: bool = False,
    ) -> None:
        """Make a table; of `is_issued` each key is a number that was never there.

        Rows of bronze name only files and batches that the same transaction has made:
        a foreign key would look each of them up, which takes longer than the copy.
        """
        required = {key, *not_null}
        lines = [
            f"{_quoted(name)} {_TYPES[kind]}{' not null' * (name in required)}"
            for name, kind in columns.items()
        ]
        lines.append(f"primary key ({_quoted(key)})")
        if is_issued:
            lines += [
                f"foreign key ({_quoted(name)}) references {_quoted(parent)}"
                for name, parent in references
            ]
            self._conn.execute(
                f"create table if not exists {self.numbers}"
                " (name text primary key, number bigint not null)"
            )
            self._conn.execute(f"insert into {self.numbers} values (?, 0)", (table,))
        self._conn.execute(f"create table {_quoted(table)} ({', '.join(lines)})")

    def add_column(self, table: str, name: str, kind: type) -> None:
        """Add a column to a table."""
        self._conn.execute(
            f"alter table {_quoted(table)} add column {_quoted(name)} {_TYPES[kind]}"
        )

    def index(self, table: str, column: str) -> None:
        """Index a column, if that is not done."""
        name = _quoted(f"{table}__{column}"[:63])
        self._conn.execute(
            f"create index if not exists {name} on {_quoted(table)} ({_quoted(column)})"
        )

    def insert(self, table: str, key: str, row: Mapping[str, Any]) -> int:
        """Add a row to a table of the ledger; return its number."""
        number = self._issue(table, 1)
        given = {key: number, **row}
        names, marks = ", ".join(given), ", ".join("?" * len(given))
        self._conn.execute(
            f"insert into {table} ({names}) values ({marks})", list(given.values())
        )
        return number

    def insert_all(
        self, table: str, key: str, names: list[str], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        """Add rows to a table of the ledger."""
        given = list(rows)
        first = self._issue(table, len(given)) - len(given) + 1
        marks = ", ".join("?" * (len(names) + 1))
        sql = f"insert into {table} ({key}, {', '.join(names)}) values ({marks})"
        self._conn.executemany(
            sql, ((first + place, *row) for place, row in enumerate(given))
        )

    def _issue(self, table: str, count: int) -> int:
        """Return the last of so many new numbers."""
        (number,) = self._conn.execute(
            f"update {self.numbers} set number = number + ? where name = ?"
            " returning number",
            (count, table),
        ).fetchone()
        return int(number)


def line(values: Sequence[str | None]) -> str:
    """One row as COPY has it; PostgreSQL has no NUL in a text, so they go."""
    text = "\t".join(["\\N" if value is None else value for value in values])
    if (
        text.count("\\") == values.count(None)
        and text.count("\t") == len(values) - 1
        and "\n" not in text
        and "\r" not in text
        and "\0" not in text
    ):
        return text + "\n"
    return (
        "\t".join(
            ["\\N" if value is None else value.translate(_ESCAPED) for value in values]
        )
        + "\n"
    )


FREE = {
    *("notes", "subject", "description", "detail", "impact", "reviews", "title"),
    *("lost_reason", "email_bounced_reason", "record", "_extra"),
    *("merged_ids", "contact_ids"),  # lists
}
"""Columns that no index has: their texts may be of any length."""
INDEXED = 800
"""Bytes, compressed, of the longest text that is sure to fit into an index, also
beside others: a page holds three entries."""


def too_long(columns: Sequence[str], row: Sequence[Any]) -> str | None:
    """Return why a row cannot be kept: the build would index what no index can hold."""
    for name, value in zip(columns, row, strict=False):
        if not isinstance(value, str) or len(value) * 4 <= INDEXED or name in FREE:
            continue
        if len(zlib.compress(value.encode(), 1)) > INDEXED:
            return f"{name}: {len(value):,} characters, too long for an index"
    return None


_ESCAPED = str.maketrans(
    {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": None}
)


@lru_cache(maxsize=512)
def translated(sql: str) -> str:
    """Return a statement of SQLite's in the words of PostgreSQL."""
    parts = _LITERAL.split(sql.replace("%", "%%"))
    for place in range(0, len(parts), 2):  # between literals
        for pattern, words in _WORDS:
            parts[place] = pattern.sub(words, parts[place])
    return "".join(parts)


_LITERAL = re.compile("('(?:[^']|'')*')")
_WORDS = [
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"\bbegin immediate\b", "begin"),
        (r"\)\s*strict\s*$", ")"),
        (r"\binstr\(", "strpos("),
        (r"\bis\s+not\s+\?", "is distinct from %s"),
        (r"\bis\s+\?", "is not distinct from %s"),
        (r"\?", "%s"),
        (r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s"),
    )
]


def _bound(values: Any) -> Any:
    if isinstance(values, Mapping):
        return {name: _plain(value) for name, value in values.items()}
    return tuple(map(_plain, values))


def _plain(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


def _number(text: str) -> int | float:
    return int(text) if "." not in text else float(text)


@contextmanager
def _as_sqlite() -> Iterator[None]:
    try:
        yield
    except errors.DataError as error:
        raise sqlite3.DataError(_line(error)) from None
    except psycopg2.IntegrityError as error:
        raise sqlite3.IntegrityError(_line(error)) from None
    except errors.UndefinedTable as error:
        raise sqlite3.OperationalError(f"no such table: {_line(error)}") from None
    except psycopg2.Error as error:
        raise sqlite3.OperationalError(_line(error)) from None


def _make(dsn: str) -> None:
    """Make the database; every server has one that is called postgres."""
    make = _MAKE.format(name=_quoted(_name(dsn)))
    with closing(psycopg2.connect(dsn, dbname="postgres", connect_timeout=10)) as conn:
        conn.autocommit = True
        try:
            conn.cursor().execute(f"{make} lc_ctype 'C.UTF-8'")
        except errors.WrongObjectType:  # as other systems call it
            conn.cursor().execute(f"{make} lc_ctype 'en_US.UTF-8'")
        except errors.DuplicateDatabase:  # another process was quicker
            return


def _check(conn: Connection, name: str) -> None:
    """Refuse a database that sorts or lowers otherwise than SQLite and DuckDB.

    By what it does, for the names of collations say little: one of ICU may be called C.
    """
    collation, letters, encoding, provider = conn.execute(
        "select datcollate, datctype, pg_encoding_to_char(encoding), datlocprovider"
        " from pg_database where datname = current_database()"
    ).fetchone()
    if encoding == "UTF8" and conn.execute(_PLAIN).fetchone() == (True,):
        return
    by_icu = " of ICU" * (provider == "i")
    raise IngestError(
        f"PostgreSQL: database {name} is made with encoding {encoding}, lc_collate "
        f"{collation}{by_icu} and lc_ctype {letters}, so results would differ: name "
        "one that does not exist yet, which is then made with UTF8, C and C.UTF-8"
    )


def _note(db: Path, dsn: str) -> None:
    known = extensions.parse_dsn(dsn)
    host = known.get("host") or os.environ.get("PGHOST") or "localhost"
    text = f"postgresql://{host}/{known['dbname']}\n"
    if db.is_file() and db.read_text(encoding="utf-8") == text:
        return
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
        db.write_text(text, encoding="utf-8")
    except OSError as error:
        raise IngestError(f"{db} cannot be written: {error.strerror}") from None


def _name(dsn: str) -> str:
    return str(extensions.parse_dsn(dsn)["dbname"])


def _line(error: psycopg2.Error) -> str:
    said = error.diag.message_primary if error.diag else None
    return " ".join((said or str(error)).split())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
