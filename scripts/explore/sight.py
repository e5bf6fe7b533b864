"""Which columns of the warehouse a reader may not see: those with personal data.

What is personal says `pii` in the YAML of the marts, as for shared copies and the
morning page. Nothing is declared of bronze, staging and intermediate tables: there it
is every text that is no key. Of codes those are shown that are known.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from scripts.morning.keys import grade, is_personal
from scripts.morning.masks import CURRENCY, LOOKUPS

KEY = re.compile(r"(^|_)(id|uuid|lead_number)$")
"""Identifiers stay, so that links lead somewhere."""
TECHNICAL = re.compile(r"_(record|line|batch_id|loaded_at|delivered_at|changed_at)")
CATALOGUE = re.compile(r"sqlite_(temp_)?(master|schema)|sqlite_stat1|json_(each|tree)")
PATHS = {("pragma_database_list", "file")}
SECONDS = 0.5
"""How long the values of a column may be looked at; who takes longer is hidden."""

FEW = 0.05
"""Of the keys of a table that is hidden by column, how many may have no digit: what
stands for nothing, such as `UNKNOWN`, hides not the rest."""

SOME = 1000
"""Rows that are looked at before all are."""
Declared = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """What the database says of a column; a key may be one by its name alone."""

    name: str
    is_key: bool
    is_primary: bool
    is_text: bool


class Sight:
    """Decides what is hidden in one database, anew after each change of it."""

    def __init__(
        self,
        database: Path,
        declared: Declared,
        shown: Iterable[str] = (),
        names: Iterable[str] = (),
    ) -> None:
        self.database = database
        self._declared = declared
        self._shown = set(shown)
        self._names = set(names)
        self._state: object = None
        self._inode: int | None = None
        self._decided: dict[tuple[str, str, bool], bool] = {}
        self._tables: dict[str, dict[str, Column]] = {}
        self._personal: dict[str, set[str]] = {}
        self._secret = secrets.token_bytes()
        self._views: set[str] = set()
        self._codes: set[str] = set()
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        by_name = defaultdict(set)
        for columns in declared.values():
            for column, pii in columns.items():
                by_name[column].add(pii)
        self.personal = {
            name for name, pii in by_name.items() if pii <= {True, "drop"}
        } - {name for name in by_name if KEY.search(name)}
        """Names of columns that are personal wherever they are."""

    def hides(self, table: str, column: str, stood_in: bool = False) -> bool:
        """Return whether a column of a table or view is hidden.

        `stood_in`: the reader sees what `stand_in` makes of codes and keys.
        """
        table, column = table.casefold(), column.casefold()
        if not column or column == "rowid" or (table, column) in PATHS:
            return (table, column) in PATHS
        if CATALOGUE.fullmatch(table) or table.startswith("pragma_"):
            return False
        with self._lock:
            self._look_again()
            key = table, column, stood_in
            if key not in self._decided:
                self._decided[key] = self._decide(*key)
            return self._decided[key]

    def state(self) -> object:
        """Return what differs after each change of the database."""
        with self._lock:
            self._look_again()
            return self._state

    def stand_in(self, relation: str, functions: str = "known") -> str | None:
        """Return what a view selects that takes the place of a table or view.

        `functions`: how the names of the two functions begin that it calls.

        Its codes are those that are known, and a key that says something of a person
        has a pseudonym. None for a table without a key, or of which nothing is
        declared.
        """
        with self._lock:
            self._look_again()
            self._known_codes(self._reader())  # now, not for each row
            is_view = relation.casefold() in self._views
            columns = self._columns(relation)
            if not is_view and (
                relation not in self._declared
                or not any(column.is_primary for column in columns.values())
            ):
                return None
            personal = set(columns) if is_view else self._personal_keys(relation)
            shown = []
            for name, column in columns.items():
                text = quoted(column.name)
                if self._is_shown(relation, name):
                    shown.append(text)
                elif self._is_code(self._pii(relation, name), name):
                    shown.append(f"{functions}_code({text}) as {text}")
                elif column.is_key and name in personal:
                    shown.append(f"{functions}_key({text}) as {text}")
                else:
                    shown.append(text)
            return ", ".join(shown)

    def key(self, value: Any) -> Any:
        """Return a key, or the pseudonym of one that says something of a person."""
        if not isinstance(value, str) or value in self._codes or not value:
            return value
        if not is_personal(value):
            return value
        digest = hmac.new(self._secret, value.encode(), sha256).hexdigest()
        return f"masked-{digest[:16]}"

    def hides_of(self, names: set[str], column: str) -> bool:
        """Return whether a column is hidden in one of the tables that are named."""
        with self._lock:
            self._look_again()
            tables = [name for name in names if column in self._columns(name)]
        is_whole = "main" in names
        return any(
            self.hides(table, column, not is_whole and self.stand_in(table) is not None)
            for table in tables
        )

    def is_view(self, name: str) -> bool:
        """Return whether a name is that of a view of the warehouse."""
        with self._lock:
            self._look_again()
            return name.casefold() in self._views

    def code(self, value: Any) -> Any:
        """Return a code that is known, and of another value that it is hidden."""
        return value if value is None or value in self._codes else "masked"

    def _reader(self) -> sqlite3.Connection:
        """A connection of its own, which the holder of the lock may use."""
        if self._connection is None:
            name = f"file:{quote(str(self.database))}?mode=ro"
            self._connection = sqlite3.connect(name, uri=True, check_same_thread=False)
            define = self._connection.create_function
            define("grade", 1, self._grade, deterministic=True)
        return self._connection

    def _look_again(self) -> None:
        """Forget what was decided of another state of the database."""
        wal = self.database.with_name(self.database.name + "-wal")
        files = self.database, wal
        found = [p.stat() if p.exists() else None for p in files]
        inode = found[0].st_ino if found[0] else self._inode
        state = [inode, *(stat.st_mtime_ns if stat else 0 for stat in found)]
        if state == self._state:
            return
        if inode != self._inode and self._connection:  # another file is in its place
            self._connection.close()
            self._connection = None
        self._inode = inode
        self._state = state
        self._decided, self._tables, self._personal = {}, {}, {}
        self._codes = set()
        sql = "select name from sqlite_master where type = 'view'"
        self._views = {name.casefold() for (name,) in self._reader().execute(sql)}

    @staticmethod
    def _is_code(pii: Any, column: str) -> bool:
        return pii is not False and bool(pii == "codes" or CURRENCY.search(column))

    def _pii(self, relation: str, column: str) -> Any:
        """What is declared of a column; None if nothing is of its table."""
        columns = self._declared.get(relation)
        return columns.get(column, True) if columns else None

    def _is_shown(self, relation: str, column: str) -> bool:
        return (
            relation in LOOKUPS
            or f"{relation}.{column}" in self._shown
            or self._pii(relation, column) is False
        )

    def _decide(self, table: str, column: str, stood_in: bool) -> bool:
        db, columns = self._reader(), self._columns(table)
        if column not in columns or self._is_shown(table, column):
            return column not in columns
        pii = self._pii(table, column)
        if self._is_code(pii, column):
            return not stood_in and not self._holds(db, table, column)
        if columns[column].is_key:
            return not stood_in and column in self._personal_keys(table)
        if pii is not None:
            return True
        if TECHNICAL.fullmatch(column):
            return False
        return _finds(db, table, f"typeof({quoted(column)}) in ('text', 'blob')")

    def _columns(self, table: str) -> dict[str, Column]:
        """The columns of a table or view, none if there is no such."""
        table = table.casefold()
        if table not in self._tables:
            db = self._reader()
            referring = 'select "from" from pragma_foreign_key_list(?)'
            keys = {name.casefold() for (name,) in db.execute(referring, [table])}
            known = "select name, type, pk from pragma_table_info(?)"
            self._tables[table] = {
                name.casefold(): Column(
                    name,
                    bool(KEY.search(name.casefold()) or pk or name.casefold() in keys),
                    bool(pk),
                    not kind.upper().startswith("INT"),
                )
                for name, kind, pk in db.execute(known, [table])
            }
        return self._tables[table]

    def _personal_keys(self, table: str) -> set[str]:
        """The keys of a table that say something of a person, unless they are shown."""
        table = table.casefold()
        if table not in self._personal:
            left = {
                name: quoted(column.name)
                for name, column in self._columns(table).items()
                if column.is_key and column.is_text and not self._is_shown(table, name)
            }
            self._personal[table] = set(left)
            if table not in self._views:
                rows = quoted(table)
                is_declared = table in self._declared
                some = f"(select * from {rows} limit {SOME})"
                # what is found in a few rows is not looked for in all
                found = self._graded(left, some, 0 if is_declared else 1)
                left = {name: text for name, text in left.items() if name not in found}
                few = 0 if is_declared else FEW
                self._personal[table] = found | self._graded(left, rows, few)
        return self._personal[table]

    def _grade(self, value: Any) -> int:
        is_said = isinstance(value, str) and value not in self._codes
        return grade(value) if is_said else 0

    def _graded(self, keys: dict[str, str], rows: str, few: float) -> set[str]:
        """The keys that say something of a person, or take too long to look at."""
        self._known_codes(self._reader())  # now, not for each row
        found, end = set(), time.monotonic() + 12 * SECONDS
        for name, text in keys.items():
            values = f"select distinct {text} as value from {rows}"
            graded = f"select grade(value) as n from ({values}) limit -1"
            sql = f"select max(n) = 2 or avg(n = 1) > {few} from ({graded})"
            try:
                with _in_time(self._reader(), end - time.monotonic()) as db:
                    ((is_one,),) = db.execute(sql).fetchall()
            except sqlite3.Error:
                is_one = True
            if is_one:
                found.add(name)
        return found

    def _holds(self, db: sqlite3.Connection, table: str, column: str) -> bool:
        """Whether a column of codes holds known ones alone."""
        codes = self._known_codes(db)
        unknown = f"{quoted(column)} not in (select value from json_each(?))"
        return not _finds(db, table, unknown, json.dumps(sorted(codes)))

    def _known_codes(self, db: sqlite3.Connection) -> set[str]:
        if not self._codes:
            self._codes = set(self._names)
            for table, column in LOOKUPS.items():
                if column in self._columns(table):
                    self._codes |= _values(db, table, column)
            for place in self._shown:  # a dashboard shows what it holds
                table, _, column = place.partition(".")
                there = {} if table in self._views else self._columns(table)
                is_code = self._declared.get(table, {}).get(column) == "codes"
                if column in there and (is_code or there[column].is_key):
                    self._codes |= _values(db, table, column)
        return self._codes


def _values(db: sqlite3.Connection, table: str, column: str) -> set[str]:
    sql = f"select distinct {quoted(column)} from {quoted(table)} limit 10000"
    return {str(value) for (value,) in db.execute(sql) if value is not None}


def _finds(db: sqlite3.Connection, table: str, condition: str, *values: str) -> bool:
    """Whether a row is found, or not found to be missing soon enough."""
    try:
        with _in_time(db):
            sql = f"select 1 from {quoted(table)} where {condition} limit 1"
            return db.execute(sql, values).fetchone() is not None
    except sqlite3.Error:
        return True


@contextmanager
def _in_time(
    db: sqlite3.Connection, seconds: float = SECONDS
) -> Iterator[sqlite3.Connection]:
    """End what takes too long with an error."""
    end = time.monotonic() + seconds
    db.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        yield db
    finally:
        db.set_progress_handler(None, 0)


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
