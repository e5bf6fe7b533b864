"""What all feeds have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from ..inbox import Delivery
from ..ledger import Ledger
from ..outcome import Outcome
from ..sources import Source, Table

Note = Callable[[str], None]


class Feed(Protocol):
    """A connector: a source that is fetched from."""

    source: Source
    declared: Any
    stops: bool
    """Whether a refused delivery ends it: what follows would hide the gap."""
    notes: list[str]
    """What people should know of it, once it has been fetched."""

    def deliveries(self, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
        """Yield what there is to land, written to files in `folder`.

        The next one is fetched once the one before it has landed. Raises
        Refusal if it cannot go on.
        """

    def put_away(self, delivery: Delivery, outcome: Outcome, note: Note) -> str | None:
        """Say where a delivery that is dealt with is kept, if the feed keeps it.

        `note` takes it before the original goes: a killed run that has taken it
        away has also noted where to.
        """


def table_of(source: Source, name: str) -> Table:
    """The declared table of a feed, as what is written here has it."""
    (table,) = (table for table in source.tables if table.name == name)
    return replace(
        table, encoding="utf-8", separator=None, delivery_patterns=(), is_paged=True
    )


class Position:
    """How far a feed has come, kept with each page that has landed."""

    def __init__(self, ledger: Ledger, table: Table, name: str) -> None:
        self._ledger = ledger
        self._of = (table.source, table.name, f"{name}/")

    def read(self) -> dict[str, Any] | None:
        """What was kept with the page that landed last; None before the first."""
        found = self._ledger.latest_position(*self._of)
        return found and json.loads(found[1])

    def get(self, key: str) -> list[Any]:
        """A list that was kept with the page that landed last."""
        return (self.read() or {}).get(key) or []

    def note(self, **facts: Any) -> None:
        """Change what was kept with the page that landed last, if there is one."""
        found = self._ledger.latest_position(*self._of)
        if found:
            before = json.loads(found[1])
            if before != (now := {**before, **facts}):
                self._ledger.update_file(found[0], position=json.dumps(now))

    def forget(self, key: str) -> None:
        """Drop what earlier pages kept; only the newest is of use."""
        source, table, prefix = self._of
        newest = self._ledger.latest_position(*self._of)
        if newest:
            self._ledger.conn.execute(
                """
                update ingest_files set position = json_remove(position, ?)
                where
                    status = 'landed' and source_name = ? and table_name = ?
                    and substr(file_name, 1, length(?)) = ? and file_id < ?
                    and json_type(position, ?) is not null
                """,
                (f"$.{key}", source, table, prefix, prefix, newest[0], f"$.{key}"),
            )

    def pages(self, prefix: str) -> dict[str, int]:
        """The landed pages whose names begin so, with the records each holds."""
        return self._ledger.latest_counts(*self._of[:2], prefix)
