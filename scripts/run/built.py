"""What the warehouse was last built from, kept in the warehouse itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from scripts import spark
from scripts.command import CommandError
from scripts.ingest.database import connect, connect_to_look
from scripts.run.messages import one_line
from scripts.settings import Settings, holds

TABLE = "_last_build"


class StateError(CommandError):
    """The note of the last build cannot be read or written."""


@dataclass
class Built:
    """The last build that this project's commands made.

    Any other dbt command that builds empties the table, by the hook `forget_build`.
    """

    project: dict[str, str] = field(default_factory=dict)
    """Hash by file, see `project.fingerprints`; empty if nothing is known."""
    file_id: int = 0
    """The newest file of the ledger that is in."""
    kept: int = 0
    """How many files are known to be in the archive, or set aside."""
    amended_at: str = ""
    """The newest amendment of earlier files that is in."""
    day: str = ""
    """The day (UTC) by which nodes that read the clock were judged."""
    fresh_until: str = ""
    """When a delivery becomes overdue next (UTC); empty for never."""
    owed: dict[str, str] = field(default_factory=dict)
    """Nodes that were not made or tested well, and why."""
    clock: list[str] = field(default_factory=list)
    """Nodes that read the clock."""
    marts: list[str] = field(default_factory=list)
    """Every mart, for the summary."""
    total: int = 0
    """How many nodes the project has."""
    summary: dict[str, list[str]] = field(default_factory=dict)
    """The summary's lines on the warehouse, where reading it takes long (Spark)."""

    @classmethod
    def read(cls, settings: Settings) -> Built:
        """Return what is known; nothing for a database that never was built."""
        if not holds(settings.database) or spark.is_gone(settings.tables):
            return cls()
        try:
            with _opened(settings, writes=False) as db:
                rows = db.execute(f"select fact, value from {TABLE}").fetchall()
        except StateError:
            return cls()  # no such table
        known = {fact.name for fact in fields(cls)}
        return cls(**{name: json.loads(value) for name, value in rows if name in known})

    def write(self, settings: Settings) -> None:
        """Keep it. Raises IngestError or StateError if that cannot be."""
        facts = [(name, json.dumps(value)) for name, value in asdict(self).items()]
        with _opened(settings) as db:
            if settings.engine == "spark":
                db.execute(f"pragma application_id = {spark.MARK}")
            db.execute(
                f"create table if not exists {TABLE}"
                " (fact text not null primary key, value text not null)"
            )
            db.execute("begin")
            db.execute(f"delete from {TABLE}")
            db.executemany(f"insert into {TABLE} values (?, ?)", facts)
            db.execute("commit")


def lift_watermarks(settings: Settings, file_id: int, built: Collection[str]) -> None:
    """Note of all relations but those built that no newer file concerns them."""
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(built))
    with _opened(settings) as db:
        db.execute(
            f"update _build_state set watermark = {file_id} where watermark >= 0"
            f" and watermark < {file_id} and relation not in ({names})"
        )


@contextmanager
def _opened(settings: Settings, writes: bool = True) -> Iterator[Any]:
    errors: type[Exception] = sqlite3.Error
    made: Any
    if settings.engine == "duckdb":
        import duckdb

        errors = duckdb.Error
    try:
        if settings.engine == "duckdb":
            made = duckdb.connect(str(settings.database), read_only=not writes)
        else:
            made = (connect if writes else connect_to_look)(settings.database)
        with closing(made) as db:
            yield db
    except errors as error:
        raise StateError(f"{settings.database}: {one_line(error)}") from None
