"""Which columns of the warehouse a reader may not see: those with personal data.

What is personal says `pii` in the YAML of the marts, as for shared copies and the
morning page. Nothing is declared of bronze, staging and intermediate tables: there it
is every text, unless it is a key or all marts that have a column of its name show it.
A column of codes is shown as long as it holds known codes alone.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from scripts.morning.masks import CURRENCY, LOOKUPS

KEY = re.compile(r"(^|_)(id|uuid|lead_number)$")
"""Identifiers stay, so that links lead somewhere."""
TECHNICAL = re.compile(r"_(record|line|batch_id|loaded_at|delivered_at|changed_at)")
CATALOGUE = re.compile(r"sqlite_(temp_)?(master|schema)|sqlite_stat1|json_(each|tree)")
PATHS = {("pragma_database_list", "file")}
SECONDS = 0.5
"""How long the values of a column may be looked at; who takes longer is hidden."""

Declared = Mapping[str, Mapping[str, Any]]


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
        self._decided: dict[tuple[str, str], bool] = {}
        self._tables: dict[str, tuple[set[str], bool]] = {}
        self._views: set[str] = set()
        self._codes: set[str] = set()
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        by_name = defaultdict(set)
        for columns in declared.values():
            for column, pii in columns.items():
                by_name[column].add(pii)
        self._open = {name for name, pii in by_name.items() if pii == {False}}
        self.personal = {
            name for name, pii in by_name.items() if pii <= {True, "drop"}
        } - {name for name in by_name if KEY.search(name)}
        """Names of columns that are personal wherever they are."""

    def hides(self, table: str, column: str) -> bool:
        """Return whether a column of a table or view is hidden."""
        table, column = table.casefold(), column.casefold()
        if not column or column == "rowid" or (table, column) in PATHS:
            return (table, column) in PATHS
        if CATALOGUE.fullmatch(table) or table.startswith("pragma_"):
            return False
        with self._lock:
            self._look_again()
            key = table, column
            if key not in self._decided:
                self._decided[key] = self._decide(self._reader(), table, column)
            return self._decided[key]

    def hides_somewhere(self, column: str) -> bool:
        """Return whether a column of this name is hidden in some table."""
        with self._lock:
            self._look_again()
            tables = self._with_column(column)
        return any(self.hides(table, column) for table in tables)

    def is_view(self, name: str) -> bool:
        """Return whether a name is that of a view of the warehouse."""
        with self._lock:
            self._look_again()
            return name.casefold() in self._views

    def as_known(self, view: str, column: str) -> bool:
        """Return whether a view shows of a column the codes alone that are known."""
        pii = self._declared.get(view, {}).get(column)
        return self._is_code(pii, column) and f"{view}.{column}" not in self._shown

    def code(self, value: Any) -> Any:
        """Return a code that is known, and of another value that it is hidden."""
        if value is None or value in self._known():
            return value
        return "masked"

    def _with_column(self, column: str) -> list[str]:
        sql = (
            "select m.name from sqlite_master as m, pragma_table_info(m.name) as c"
            " where m.type in ('table', 'view') and lower(c.name) = ?"
        )
        found = self._reader().execute(sql, [column.casefold()])
        return [name for (name,) in found]

    def _known(self) -> set[str]:
        with self._lock:
            self._look_again()
            if not self._codes:
                self._known_codes(self._reader())
            return self._codes

    def _reader(self) -> sqlite3.Connection:
        """A connection of its own, which whoever holds the lock may use."""
        if self._connection is None:
            name = f"file:{quote(str(self.database))}?mode=ro"
            self._connection = sqlite3.connect(name, uri=True, check_same_thread=False)
        return self._connection

    def _look_again(self) -> None:
        """Forget what was decided of another state of the database."""
        wal = self.database.with_name(self.database.name + "-wal")
        files = self.database, wal
        state = [(p.stat().st_mtime_ns if p.exists() else 0) for p in files]
        if state == self._state:
            return
        self._state = state
        self._decided, self._tables, self._codes = {}, {}, set()
        sql = "select name from sqlite_master where type = 'view'"
        self._views = {name.casefold() for (name,) in self._reader().execute(sql)}

    @staticmethod
    def _is_code(pii: Any, column: str) -> bool:
        return pii is not False and bool(pii == "codes" or CURRENCY.search(column))

    def _decide(self, db: sqlite3.Connection, table: str, column: str) -> bool:
        if table in LOOKUPS or f"{table}.{column}" in self._shown:
            return False
        keys, is_there = self._keys(db, table)
        if not is_there or KEY.search(column) or column in keys:
            return not is_there
        columns = self._declared.get(table)
        pii = columns.get(column, True) if columns else None
        if pii is False:
            return False
        if self._is_code(pii, column):
            return table not in self._views and not self._holds(db, table, column)
        if pii is not None:
            return True
        if TECHNICAL.fullmatch(column) or column in self._open:
            return False
        return _finds(db, table, f"typeof({quoted(column)}) in ('text', 'blob')")

    def _keys(self, db: sqlite3.Connection, table: str) -> tuple[set[str], bool]:
        """The columns of primary and foreign keys, and whether there is a table."""
        if table not in self._tables:
            columns = db.execute("select name, pk from pragma_table_info(?)", [table])
            known = columns.fetchall()
            referring = 'select "from" from pragma_foreign_key_list(?)'
            found = {name for name, pk in known if pk}
            found |= {name for (name,) in db.execute(referring, [table])}
            self._tables[table] = {n.casefold() for n in found}, bool(known)
        return self._tables[table]

    def _holds(self, db: sqlite3.Connection, table: str, column: str) -> bool:
        """Whether a column of codes holds known ones alone."""
        codes = self._known_codes(db)
        unknown = f"{quoted(column)} not in (select value from json_each(?))"
        return not _finds(db, table, unknown, json.dumps(sorted(codes)))

    def _known_codes(self, db: sqlite3.Connection) -> set[str]:
        if not self._codes:
            self._codes = set(self._names)
            for table, column in LOOKUPS.items():
                if self._keys(db, table)[1]:
                    self._codes |= _values(db, table, column)
            for place in self._shown:  # a dashboard shows what it holds
                table, _, column = place.partition(".")
                is_code = self._declared.get(table, {}).get(column) == "codes"
                if is_code and table not in self._views and self._keys(db, table)[1]:
                    self._codes |= _values(db, table, column)
        return self._codes


def _values(db: sqlite3.Connection, table: str, column: str) -> set[str]:
    sql = f"select distinct {quoted(column)} from {quoted(table)} limit 10000"
    return {str(value) for (value,) in db.execute(sql) if value is not None}


def _finds(db: sqlite3.Connection, table: str, condition: str, *values: str) -> bool:
    """Whether a row is found, or not found to be missing soon enough."""
    end = time.monotonic() + SECONDS
    db.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        sql = f"select 1 from {quoted(table)} where {condition} limit 1"
        return db.execute(sql, values).fetchone() is not None
    except sqlite3.Error:
        return True
    finally:
        db.set_progress_handler(None, 0)


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
