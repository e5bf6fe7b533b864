"""Which faults have been sent to each channel, in the ledger's database."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from scripts.alerts.faults import Fault
from scripts.ingest import clock
from scripts.ingest.database import transaction

TABLE = """
create table if not exists _alerts (
    channel text not null,  -- digest of its URL, which may hold a password
    fault text not null,
    told_at text not null,
    primary key (channel, fault)
) strict
"""


class Told:
    """The memory of one channel."""

    def __init__(self, conn: sqlite3.Connection, url: str) -> None:
        self._conn = conn
        self._channel = hashlib.sha256(url.encode()).hexdigest()[:16]
        conn.execute(TABLE)

    def new(self, faults: Iterable[Fault]) -> list[Fault]:
        """Return the faults that have not been sent to the channel."""
        rows = self._conn.execute(
            "select fault from _alerts where channel = ?", [self._channel]
        )
        known = {fault for (fault,) in rows}
        return [fault for fault in faults if fault.key not in known]

    def remember(self, faults: Iterable[Fault]) -> None:
        """Note what was sent."""
        now = clock.now()
        with transaction(self._conn):
            self._conn.executemany(
                "insert into _alerts values (?, ?, ?) on conflict do nothing",
                [(self._channel, fault.key, now) for fault in faults],
            )

    def forget_all_but(self, faults: Iterable[Fault]) -> None:
        """Forget what is mended: when it comes again, it is news again."""
        keys = [fault.key for fault in faults]
        marks = ", ".join("?" * len(keys))
        with transaction(self._conn):
            self._conn.execute(
                f"delete from _alerts where channel = ? and fault not in ({marks})",
                [self._channel, *keys],
            )
