"""Writing the copy: a new file, into which only what may stay is written."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from scripts.command import CommandError
from scripts.share.declared import CODE, DROPPED, PSEUDONYM, STAYS, Columns, Declared
from scripts.share.pseudonyms import Pseudonyms

REFERENCES = """
select mart.name, key."table", key."to"
from main.sqlite_master as mart, pragma_foreign_key_list(mart.name, 'main') as key
where mart.type = 'table'
"""
DEFINITIONS = """
select type, sql from main.sqlite_master
where tbl_name = ? and type in ('table', 'view', 'index') and sql is not null
order by type = 'index'
"""


class ShareError(CommandError):
    """No copy can be made; the message is one line for the user."""


def share(database: Path, target: Path, known: Declared) -> Counter[Any]:
    """Write a masked copy of an SQLite warehouse; return what it holds.

    Counted are its tables and rows, and its columns by their `pii`. The copy takes
    its place when it is whole. Raises ShareError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    uri = f"{database.as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
            db.execute("attach ? as copy", [f"{draft.as_uri()}?mode=rwc"])
            db.execute("pragma copy.journal_mode = off")
            db.execute("begin")
            counts = _Writer(db).write(known)
            db.execute("commit")
            if broken := db.execute("pragma copy.foreign_key_check").fetchone():
                raise ShareError(f"{broken[0]} refers to rows that {broken[2]} lacks")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return counts


class _Writer:
    """Writes from the database `main` to the database `copy`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._counts: Counter[Any] = Counter()
        db.create_function("pseudonym", 1, Pseudonyms().of, deterministic=True)

    def write(self, known: Declared) -> Counter[Any]:
        """Copy marts, the lookups they refer to, and the lineage of bronze."""
        lookups = {
            (table, column)
            for mart, table, column in self._db.execute(REFERENCES).fetchall()
            if mart in known.marts and table in known.seeds
        }
        codes = set(known.names)
        for table, column in lookups:
            rows = self._db.execute(f"select {_quoted(column)} from {_quoted(table)}")
            codes.update(code for (code,) in rows)
        self._db.execute("create temp table codes (code primary key)")
        self._db.executemany("insert into codes values (?)", [[c] for c in codes])
        seeds = {table: known.seeds[table] for table, _ in lookups}
        for table, columns in {**seeds, **known.marts, **known.bronze}.items():
            self._copy(table, columns)
        return self._counts

    def _copy(self, table: str, pii: Columns) -> None:
        """Copy a table as it is defined, a view as a table of what it shows."""
        name = _quoted(table)
        columns = self._db.execute(f"pragma main.table_info({name})").fetchall()
        if not columns:  # not built
            return
        definitions = self._db.execute(DEFINITIONS, [table]).fetchall()
        (kind, sql), *indexes = definitions
        if kind == "view":
            typed = ", ".join(f"{_quoted(c[1])} {c[2]}" for c in columns)
            sql = f"CREATE TABLE {name} ({typed})"
        self._db.execute(_in_copy(sql))
        masked = []
        for _, column, _, not_null, *_ in columns:
            treatment = pii.get(column, PSEUDONYM)
            self._counts[treatment] += 1
            masked.append(_masked(_quoted(column), treatment, not_null))
        done = self._db.execute(
            f"insert into copy.{name} select {', '.join(masked)} from main.{name}"
        )
        self._counts["rows"] += done.rowcount
        self._counts["tables"] += 1
        for _, index in indexes:
            self._db.execute(_in_copy(index))


def _masked(name: str, pii: bool | str, not_null: int) -> str:
    """The SQL of what the copy has in the place of a column."""
    pseudonym = f"pseudonym({name})"
    return {
        STAYS: name,
        PSEUDONYM: pseudonym,
        DROPPED: "''" if not_null else "null",
        CODE: f"iif({name} in (select code from temp.codes), {name}, {pseudonym})",
    }[pii]


def _in_copy(definition: str) -> str:
    """A definition as one in the copy, which has no ledger but as marts."""
    definition = re.sub(r' REFERENCES "ingest_\w+"\("\w+"\)', "", definition)
    return re.sub(r"^(CREATE (UNIQUE )?(TABLE|INDEX) )", r"\1copy.", definition)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
