"""Landing one file: all of it in one transaction, or none."""

import sqlite3
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from . import clock
from .database import quoted, transaction
from .errors import Refusal
from .files import CHANGED, Fingerprint, fingerprint, opened, state
from .inbox import Delivery
from .ledger import Ledger
from .log import Log
from .outcome import Outcome
from .readers import Reader, open_reader
from .sources import Table
from .times import utc_text

Progress = Callable[[int], None]  # told the bytes of the file read so far


class Lander:
    """Lands files into one database, for one batch."""

    def __init__(
        self, ledger: Ledger, batch_id: int, log: Log, dry_run: bool = False
    ) -> None:
        self.ledger = ledger
        self.batch_id = batch_id
        self.log = log
        self.dry_run = dry_run

    def land(
        self, delivery: Delivery, progress: Progress
    ) -> tuple[Outcome, Fingerprint | None]:
        """Land, skip or refuse one file.

        Raises sqlite3.Error if the database cannot be written; a fault of the
        file never raises.
        """
        table = delivery.table
        outcome = Outcome(delivery.label, delivery.source, table and table.name)
        found: Fingerprint | None = None
        try:
            if delivery.is_foreign:
                raise Refusal(delivery.problem, retry=True)
            found = fingerprint(delivery.path)
            if delivery.problem:
                raise Refusal(delivery.problem)
            known = self.ledger.latest_landed(
                table, delivery.file_name, delivery.delivered_at
            )
            if known and known.content_hash == found.content_hash:
                outcome.status, outcome.file_id = "skipped", known.file_id
                outcome.archived_as = known.archived_as
                return outcome, found
            with transaction(self.ledger.conn):
                self._land(delivery, found, outcome, progress)
        except Refusal as refusal:
            self._refuse(delivery, found, outcome, refusal)
            found = None if refusal.retry else found
        except sqlite3.DataError as error:  # a value beyond SQLite's limits
            self._refuse(delivery, found, outcome, Refusal(str(error)))
        except (sqlite3.Error, KeyboardInterrupt):
            raise
        except Exception as error:  # the other files go on
            self.log.write(
                "unexpected", "error", file=delivery.label, trace=traceback.format_exc()
            )
            reason = f"unexpected {type(error).__name__}: {error}"
            self._refuse(delivery, found, outcome, Refusal(reason, retry=True))
            found = None
        return outcome, found

    def _land(
        self,
        delivery: Delivery,
        found: Fingerprint,
        outcome: Outcome,
        progress: Progress,
    ) -> None:
        loaded_at = clock.now()
        outcome.file_id = file_id = self.ledger.add_file(
            **self._facts(delivery, found), loaded_at=loaded_at, status="landed"
        )
        with opened(delivery.path) as content:
            reader = open_reader(content, delivery.table, delivery.format)
            dates = _Dates(delivery, reader)
            insert = self._insert(delivery, reader, dates, file_id, loaded_at)
            for batch in reader.batches():
                self._write(insert, dates.add_to(batch.rows))
                outcome.landed += batch.landed
                outcome.separators += batch.separators
                if batch.rejects:
                    self._reject(file_id, batch.rejects, outcome)
                progress(_position(content.raw))
        if state(delivery.path) != found.state:
            raise Refusal(CHANGED, retry=True)
        outcome.records = outcome.landed + outcome.rejected + outcome.separators
        outcome.undated = dates.unknown
        outcome.extra, outcome.missing = list(reader.extras), reader.missing
        outcome.renamed = reader.renamed
        self.ledger.update_file(
            file_id,
            format=reader.format,
            encoding=reader.encoding,
            delivered_at=delivery.delivered_at or dates.latest,
            record_count=outcome.records,
            landed_count=outcome.landed,
            rejected_count=outcome.rejected,
            separator_count=outcome.separators,
            extra_columns=outcome.extra,
            missing_columns=outcome.missing,
            renamed_columns=outcome.renamed,
        )
        if not self.dry_run:
            self._index(delivery.table)

    def _insert(
        self,
        delivery: Delivery,
        reader: Reader,
        dates: "_Dates",
        file_id: int,
        loaded_at: str,
    ) -> str:
        """The statement for the rows; what is the same in all stands in it."""
        bound = [*reader.columns, "_record", "_line"]
        fixed = {
            "_file_id": str(file_id),
            "_batch_id": str(self.batch_id),
            "_loaded_at": f"'{loaded_at}'",
        }
        if dates.column:
            bound.append("_delivered_at")
        elif delivery.delivered_at:
            fixed["_delivered_at"] = f"'{delivery.delivered_at}'"
        names = ", ".join(map(quoted, [*bound, *fixed]))
        values = ", ".join(["?"] * len(bound) + list(fixed.values()))
        table = quoted(delivery.table.identifier)
        return f"insert into {table} ({names}) values ({values})"

    def _write(self, insert: str, rows: Iterable) -> None:
        if self.dry_run:
            for _ in rows:
                pass
        else:
            self.ledger.conn.executemany(insert, rows)

    def _reject(self, file_id: int, rejects: list, outcome: Outcome) -> None:
        outcome.rejected += len(rejects)
        outcome.first_reject = outcome.first_reject or rejects[0]
        self.ledger.add_rejects((file_id, *reject) for reject in rejects)

    def _index(self, table: Table) -> None:
        """Index the files of a table, once its first rows are in: one sort
        instead of an insert a row."""
        made = self.ledger.db.table(table.identifier)
        made.create_index(["_file_id"], if_not_exists=True)

    def _refuse(
        self,
        delivery: Delivery,
        found: Fingerprint | None,
        outcome: Outcome,
        refusal: Refusal,
    ) -> None:
        table = delivery.table
        fresh = Outcome(delivery.label, delivery.source, table and table.name)
        outcome.__dict__.update(fresh.__dict__)
        outcome.status, outcome.reason = "refused", refusal.reason
        content_hash = found and found.content_hash
        outcome.file_id = self.ledger.same_refusal(
            delivery.source, delivery.file_name, content_hash, refusal.reason
        )
        if outcome.file_id is not None:
            outcome.is_known = True
            return
        with transaction(self.ledger.conn):
            outcome.file_id = self.ledger.add_file(
                **self._facts(delivery, found),
                format=delivery.format,
                delivered_at=delivery.delivered_at,
                loaded_at=clock.now(),
                status="refused",
                reason=refusal.reason,
            )

    def _facts(self, delivery: Delivery, found: Fingerprint | None) -> dict:
        return {
            "batch_id": self.batch_id,
            "source_name": delivery.source,
            "table_name": delivery.table and delivery.table.name,
            "file_name": delivery.file_name,
            "content_hash": found and found.content_hash,
            "byte_count": found and found.byte_count,
        }


class _Dates:
    """Delivery times out of a column, where one is declared to hold them."""

    def __init__(self, delivery: Delivery, reader: Reader) -> None:
        self.table = delivery.table
        self.column = self.table.delivery_column
        self.latest: str | None = None
        self.unknown = 0
        self._at = None
        if self.column in reader.columns:
            self._at = reader.columns.index(self.column)
        self._seen: dict[str | None, str | None] = {None: None}

    def add_to(self, rows: Iterable) -> Iterable:
        return self._added(rows) if self.column else rows

    def _added(self, rows: Iterable) -> Iterator[list]:
        for row in rows:
            text = None if self._at is None else row[self._at]
            if text not in self._seen:
                if len(self._seen) > 10_000:
                    self._seen = {None: None}
                self._seen[text] = utc_text(
                    text, self.table.time_zone, self.table.date_order
                )
            time = self._seen[text]
            if time is None:
                self.unknown += 1
            elif self.latest is None or time > self.latest:
                self.latest = time
            yield [*row, time]


def _position(raw: BinaryIO) -> int:
    return 0 if raw.closed else raw.tell()
