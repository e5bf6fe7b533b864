"""Making the copy, masking it, and proving that nothing is left in it."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scripts.command import CommandError
from scripts.share.columns import Marked
from scripts.share.words import Mask, Vocabulary


class ShareError(CommandError):
    """No copy can be made; the message is one line for the user."""


@dataclass(frozen=True)
class Proof:
    """What was looked through, and that nothing was found."""

    values: int
    columns: int
    texts: int


def share(database: Path, target: Path, marks: Marked) -> Proof:
    """Write a masked copy of an SQLite warehouse; return the proof.

    The copy takes its place only when nothing personal was found in it. Raises
    ShareError if something was left.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, final = (target.with_name(f".{target.name}.{n}") for n in (1, 2))
    try:
        for path in (draft, final):
            path.unlink(missing_ok=True)
        with closing(_opened(database)) as source:
            vocabulary = _vocabulary(source, marks)
            source.execute("vacuum into ?", [str(draft)])
        with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            _mask(copy, marks, vocabulary)
            # what was there before lies in free pages of the draft
            copy.execute("vacuum into ?", [str(final)])
        with closing(_opened(final)) as copy:
            proof = _prove(copy, marks, vocabulary)
        final.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        final.unlink(missing_ok=True)
    return proof


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def _vocabulary(db: sqlite3.Connection, marks: Marked) -> Vocabulary:
    """Everything that stands in a marked column, but for the project's words."""
    values: set[str] = set()
    harmless: set[str] = set()
    for table, column in _text_columns(db):
        if column in marks.personal.get(table, ()):
            values.update(_texts(db, table, column))
        elif table in marks.lookups:
            harmless.update(_texts(db, table, column))
    return Vocabulary(values, harmless)


def _mask(db: sqlite3.Connection, marks: Marked, vocabulary: Vocabulary) -> None:
    mask = Mask(secrets.token_bytes(32), vocabulary)
    codes = _codes(db, marks)
    db.execute("pragma foreign_keys = off")
    # a masked date is none
    db.execute("pragma ignore_check_constraints = on")
    db.execute("begin")
    for table in marks.emptied & set(_names(db, "table")):
        db.execute(f"delete from {_quoted(table)}")
    db.execute("create temp table masked (old text primary key, new text)")
    views = _names(db, "view")
    for table, column in _text_columns(db):
        if (table, column) in codes or table in views:
            continue
        whole = column in marks.personal.get(table, set()) | marks.opaque.get(
            table, set()
        )
        changed = []
        for text in _texts(db, table, column):
            new = mask.whole(text) if whole else mask.parts(text)
            if new != text:
                changed.append((text, new))
        if changed:
            db.execute("delete from masked")
            db.executemany("insert into masked values (?, ?)", changed)
            name = _quoted(column)
            db.execute(
                f"update {_quoted(table)} set {name} ="
                f" (select new from masked where old = {name})"
                f" where {name} in (select old from masked)"
            )
    db.execute("commit")


def _prove(db: sqlite3.Connection, marks: Marked, vocabulary: Vocabulary) -> Proof:
    """Look for every known value in every text of every table and view."""
    codes = _codes(db, marks)
    columns = texts = 0
    for table, column in _text_columns(db):
        if (table, column) in codes:
            continue
        columns += 1
        for text in _texts(db, table, column):
            texts += 1
            if vocabulary.is_in(text):
                raise ShareError(
                    f"{table}.{column} still holds personal data; mark the column "
                    "with pii in its YAML. No copy was made"
                )
    return Proof(len(vocabulary), columns, texts)


def _codes(db: sqlite3.Connection, marks: Marked) -> set[tuple[str, str]]:
    """Columns of lookups, and those that can only hold what a lookup holds."""
    found = set()
    for table in _names(db, "table"):
        for column in _columns(db, table):
            if table in marks.lookups:
                found.add((table, column))
        for key in db.execute(f"pragma foreign_key_list({_quoted(table)})"):
            if key[2] in marks.lookups:
                found.add((table, key[3]))
    return found


def _text_columns(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for kind in ("table", "view"):
        for table in _names(db, kind):
            for column in _columns(db, table):
                yield table, column


def _names(db: sqlite3.Connection, kind: str) -> list[str]:
    return [
        name
        for (name,) in db.execute(
            "select name from sqlite_master where type = ? order by name", [kind]
        )
    ]


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"pragma table_info({_quoted(table)})")]


def _texts(db: sqlite3.Connection, table: str, column: str) -> Iterable[str]:
    """The different texts of a column; numbers are none."""
    name = _quoted(column)
    rows = db.execute(
        f"select distinct {name} from {_quoted(table)} where typeof({name}) = 'text'"
    )
    return [text for (text,) in rows]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
