"""Writing the copy: a new file, into which only what may stay is written."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from scripts.command import CommandError
from scripts.ingest.database import quoted
from scripts.settings import Settings
from scripts.share import tables
from scripts.share.declared import CODE, DROPPED, PSEUDONYM, STAYS, Columns, Declared
from scripts.share.pseudonyms import Pseudonyms
from scripts.warehouse import Warehouse, opened, to_read

ROWS = 5_000
"""How many are read at once: all that is held of a warehouse."""

MARK = int.from_bytes(b"RWcp", "big")
"""What a copy says of itself where SQLite keeps whose file it is."""


class ShareError(CommandError):
    """No copy can be made; the message is one line for the user."""


def share(chosen: Settings, target: Path, known: Declared) -> Counter[Any]:
    """Write a masked copy of a warehouse, on any engine, as an SQLite file.

    Returns what it holds: counted are its tables and rows, and its columns by their
    `pii`. The copy takes its place when it is whole. Raises ShareError and QueryError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        with (
            opened(chosen) as warehouse,
            warehouse.unchanging(),
            closing(sqlite3.connect(draft, isolation_level=None)) as copy,
        ):
            copy.execute("pragma journal_mode = off")
            copy.execute(f"pragma application_id = {MARK}")
            copy.execute("begin")
            counts = _Writer(warehouse, copy, known).write()
            copy.execute("commit")
            if broken := copy.execute("pragma foreign_key_check").fetchone():
                raise ShareError(f"{broken[0]} refers to rows that {broken[2]} lacks")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def is_copy(database: Path) -> bool:
    """Return whether a file is a shared copy: nothing can be decided there.

    Through SQLite: to close the file itself would end all locks of the process.
    """
    try:
        with closing(to_read(database)) as looked_at:
            ((found,),) = looked_at.execute("pragma application_id")
    except sqlite3.Error:  # who reads it says what is wrong
        return False
    return bool(found == MARK)


class _Writer:
    """Writes from a warehouse into a copy."""

    def __init__(
        self, warehouse: Warehouse, copy: sqlite3.Connection, known: Declared
    ) -> None:
        self._warehouse = warehouse
        self._copy = copy
        self._known = known
        self._counts: Counter[Any] = Counter()
        copy.create_function("pseudonym", 1, Pseudonyms().of, deterministic=True)

    def write(self) -> Counter[Any]:
        """Copy marts, the lookups they refer to, and the lineage of bronze."""
        known = self._known
        there = self._warehouse.tables() | self._warehouse.views()
        marts = {name: pii for name, pii in known.marts.items() if name in there}
        lookups = {
            (key.parent, key.parent_columns[0])
            for mart in marts
            for key in known.definitions[mart].keys
            if key.parent in known.seeds and key.parent in there
        } | {item for item in known.lookups.items() if item[0] in there}
        codes = set(known.names)
        for table, column in lookups:
            sql = f"select {quoted(column)} from {quoted(table)}"
            codes.update(code for (code,) in self._warehouse.rows(sql))
        self._copy.execute("create temp table codes (code primary key)")
        self._copy.executemany("insert into codes values (?)", [[c] for c in codes])
        seeds = {table: known.seeds[table] for table, _ in lookups}
        bronze = {name: pii for name, pii in known.bronze.items() if name in there}
        inner = {name: self._undeclared(name) for name in sorted(known.inner & there)}
        copied = {**seeds, **marts, **bronze, **inner}
        for table, pii in copied.items():
            self._write(table, pii, copied)
        return self._counts

    def _undeclared(self, name: str) -> Columns:
        """Say of a relation that only the engine describes what becomes of columns."""
        kinds = self._warehouse.columns(name)
        definition = tables.Definition(name, is_strict=False)
        definition.types = {
            column: tables.type_of(kind) for column, kind in kinds.items()
        }
        self._known.definitions[name] = definition
        return {
            c: STAYS if t != "text" else PSEUDONYM for c, t in definition.types.items()
        }

    def _write(self, table: str, pii: Columns, copied: dict[str, Columns]) -> None:
        """Copy a table as it is declared, a view as a table of what it shows."""
        definition = self._known.definitions[table]
        columns = list(self._warehouse.columns(table))
        create, *indexes = definition.statements(columns, copied)
        self._copy.execute(create)
        given, masked = [], []
        for place, column in enumerate(columns, start=1):
            treatment = pii.get(column, PSEUDONYM)
            self._counts[treatment] += 1
            nothing = "''" if column in definition.required else "null"
            given.append(nothing if treatment == DROPPED else quoted(column))
            masked.append(_masked(f"?{place}", treatment))
        name = quoted(table)
        read = f"select {', '.join(given)} from {name}"
        insert = f"insert into {name} values ({', '.join(masked)})"
        for rows in self._warehouse.batches(read, ROWS):
            self._copy.executemany(insert, rows)
            self._counts["rows"] += len(rows)
        self._counts["tables"] += 1
        for index in indexes:
            self._copy.execute(index)


def _masked(value: str, pii: bool | str) -> str:
    """The SQL of what the copy has in the place of a value."""
    pseudonym = f"pseudonym({value})"
    if pii == CODE:
        return f"iif({value} in (select code from temp.codes), {value}, {pseudonym})"
    return pseudonym if pii == PSEUDONYM else value
