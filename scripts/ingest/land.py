"""Landing one file: all of it in one transaction, or none."""

import re
import sqlite3
import traceback
from typing import Any, cast

from scripts.printable import printable

from . import clock
from .bronze import Bronze
from .containers import BETWEEN
from .database import transaction
from .errors import Refusal
from .files import CHANGED, Fingerprint, fingerprint, state
from .inbox import Delivery, dates_in
from .ledger import FEW, Ledger
from .log import Log
from .outcome import Outcome
from .reading import Progress

USUAL_FILES = 10
"""Files of one kind that show how many records are usual."""
USUAL_FROM = 3
USUAL_RECORDS = 20
"""Where there are fewer, less than usual means nothing."""


class Lander:
    """Lands files for one batch."""

    def __init__(self, ledger: Ledger, bronze: Bronze, batch_id: int, log: Log) -> None:
        self.ledger = ledger
        self.bronze = bronze
        self.batch_id = batch_id
        self.log = log
        self._members: dict[tuple[object, ...], tuple[int, str]] = {}
        self._renewed: set[str] = set()
        self._pictured: dict[str, str] = {}

    def prepare(self, found: list[Delivery]) -> None:
        """Let bronze begin with the files that have not landed before."""
        self._renewed, self._pictured = set(), {}
        self._find_pictures(found)
        self.bronze.prepare(d for d in found if self._is_new(d))

    def _find_pictures(self, found: list[Delivery]) -> None:
        """Find full pictures of several files, some of them new, and what to say.

        An unchanged file lands again if it is a part of what a new one shows; one
        that landed before and is none is an earlier picture.
        """
        parts: dict[tuple[object, ...], list[Delivery]] = {}
        for delivery in found:
            if key := _picture(delivery):
                parts.setdefault(key, []).append(delivery)
        for each in parts.values():
            if len(each) < 2:
                continue
            is_new = {d.label: self._is_new(d) for d in each}
            new = [d for d in each if is_new[d.label]]
            old = [d for d in each if not is_new[d.label]]
            again = [d for d in old if any(self._belong(d, n) for n in new)]
            self._renewed.update(d.label for d in again)
            apart = [d.name for d in old if d not in again]
            for delivery in (*new, *again):
                others = [d.name for d in (*new, *again) if d is not delivery]
                self._pictured[delivery.label] = (
                    f"one full picture with {_some(others)}"
                    if others
                    else f"a full picture of its own, after {_some(apart)}"
                )

    def _belong(self, known: Delivery, new: Delivery) -> bool:
        """Whether a file that has landed is a part of the picture that a new one is.

        By their names, or because the two were parts of one before.
        """
        if known.whole_label == new.whole_label:
            return True
        if (stem := _numbered(known)) and stem == _numbered(new):
            return True
        before = self.ledger.latest_landed(new.known_table, new)
        then = self.ledger.latest_landed(known.known_table, known)
        if before is None or then is None:
            return False
        return before.batch_id == then.batch_id

    def _is_new(self, delivery: Delivery) -> bool:
        if delivery.is_foreign or delivery.problem:
            return False
        known = self.ledger.latest_landed(delivery.known_table, delivery)
        try:
            found = fingerprint(delivery.path, delivery.inner)
            if known and known.content_hash == found.content_hash:
                return False
            if not _lands_once(delivery):
                return True
            return not self.ledger.landed_elsewhere(delivery, found.content_hash)
        except Refusal:
            return False

    def land(
        self, delivery: Delivery, progress: Progress
    ) -> tuple[Outcome, Fingerprint | None]:
        """Land, skip or refuse one file.

        Raises sqlite3.Error if the database cannot be written; a fault of the
        file never raises.
        """
        outcome = _fresh(delivery)
        found: Fingerprint | None = None
        try:
            if delivery.is_foreign:
                raise Refusal(cast(str, delivery.problem), retry=True)
            found = fingerprint(delivery.path, delivery.inner)
            if delivery.problem:
                raise Refusal(delivery.problem)
            if self._is_known(delivery, found, outcome):
                return outcome, found
            with transaction(self.ledger.conn):
                self._land(delivery, found, outcome, progress)
            self._remember(delivery, found, outcome)
        except Refusal as refusal:
            self._refuse(delivery, found, outcome, refusal)
            found = None if refusal.retry else found or self._unread(delivery)
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

    def _unread(self, delivery: Delivery) -> Fingerprint | None:
        """The fingerprint of a file that cannot be unpacked: enough to set it aside."""
        try:
            return Fingerprint("", 0, state(delivery.path))
        except Refusal:
            return None

    def _is_known(
        self, delivery: Delivery, found: Fingerprint, outcome: Outcome
    ) -> bool:
        """Whether a delivery landed before, or with another member of this run."""
        known = self.ledger.latest_landed(delivery.known_table, delivery)
        is_twin = self._twin(delivery, found) is not None
        if not (known or is_twin) and delivery.inner and not delivery.delivered_at:
            known = self.ledger.latest_member(delivery.known_table, delivery)
        if delivery.label in self._renewed:
            known = None
        if known and known.content_hash == found.content_hash:
            outcome.status, outcome.file_id = "skipped", known.file_id
            outcome.archived_as = known.archived_as
            if known.cut_reason and not known.cut_reason.startswith(FEW):
                outcome.cut_reason = known.cut_reason
            self._remember(delivery, found, outcome)
            return True
        if twin := self._twin(delivery, found):
            outcome.status, outcome.file_id, outcome.twin = "skipped", *twin
            return True
        if _lands_once(delivery) and (
            other := self.ledger.landed_elsewhere(delivery, found.content_hash)
        ):
            outcome.status, outcome.file_id = "skipped", other.file_id
            outcome.archived_as = other.archived_as
            outcome.notes = [
                f"the same export as {other.instance}/{other.file_name}, which has"
                " landed: it counts once, and this one is skipped"
            ]
            return True
        return False

    def _key(self, delivery: Delivery, found: Fingerprint) -> tuple[object, ...]:
        table = delivery.table
        shape = table and (table.source, table.name, table.shape)
        return delivery.instance, shape, delivery.sheet, found.content_hash

    def _twin(self, delivery: Delivery, found: Fingerprint) -> tuple[int, str] | None:
        """Number and name of a member of a ZIP file of this run that is the same."""
        if not delivery.inner or delivery.delivered_at:
            return None
        return self._members.get(self._key(delivery, found))

    def _remember(
        self, delivery: Delivery, found: Fingerprint, outcome: Outcome
    ) -> None:
        if delivery.inner:
            what = outcome.file_id or 0, outcome.label
            self._members.setdefault(self._key(delivery, found), what)

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
        facts = {"file_id": file_id, "batch_id": self.batch_id, "loaded_at": loaded_at}
        reading = self.bronze.land(
            delivery,
            facts,
            lambda rejects: self.ledger.add_rejects((file_id, *r) for r in rejects),
            progress,
        )
        if not found.state == reading.state == state(delivery.path):
            raise Refusal(CHANGED, retry=True)
        there = self.bronze.count(delivery.known_table, file_id)
        if there not in (reading.landed, None):
            raise Refusal(
                f"{reading.landed:,} records were read, but {there:,} are there", True
            )
        outcome.note(reading)
        outcome.notes = [*delivery.notes, *reading.notes]
        if other := self.ledger.landed_elsewhere(delivery, found.content_hash):
            outcome.notes.append(
                f"the same as {other.instance}/{other.file_name}, byte for byte: two"
                " folders are two accounts, and its records count twice"
            )
        if said := self._pictured.get(delivery.label):
            outcome.notes.append(said)
        outcome.with_place = delivery.known_table.with_place
        outcome.cut_reason = reading.cut_reason or self._few(delivery, outcome)
        self.ledger.update_file(
            file_id,
            format=reading.format,
            encoding=reading.encoding,
            delivered_at=reading.delivered_at,
            record_count=outcome.records,
            landed_count=outcome.landed,
            rejected_count=outcome.rejected,
            separator_count=outcome.separators,
            cut_reason=outcome.cut_reason,
            set_apart=outcome.apart,
            faults=reading.faults,
            notes=outcome.notes,
            extra_columns=outcome.extra,
            known_columns=reading.known,
            missing_columns=outcome.missing,
            renamed_columns=outcome.renamed,
        )

    def _few(self, delivery: Delivery, outcome: Outcome) -> str | None:
        """What to say of a file with far fewer records than those of its kind."""
        table = delivery.known_table
        share = table.cut_below
        if not share or delivery.is_page:
            return None
        counts = self.ledger.usual_counts(
            delivery.known_table, delivery, USUAL_FILES + 1
        )[1:]
        fewest = min(counts, default=0)
        is_known = len(counts) >= USUAL_FROM and fewest >= USUAL_RECORDS
        if not is_known or outcome.records >= share * fewest:
            return None
        return (
            f"{FEW}: {outcome.records:,}, while the last {len(counts)} files of its "
            f"kind had {fewest:,} at least (`cut_below: {share:g}`)"
        )

    def _refuse(
        self,
        delivery: Delivery,
        found: Fingerprint | None,
        outcome: Outcome,
        refusal: Refusal,
    ) -> None:
        table = delivery.table
        outcome.__dict__.update(_fresh(delivery).__dict__)
        reason = table.with_place(refusal.reason) if table else refusal.reason
        outcome.status, outcome.reason = "refused", reason
        outcome.notes = list(delivery.notes)
        content_hash = found and found.content_hash
        outcome.file_id = self.ledger.same_refusal(delivery, content_hash, reason)
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
                reason=reason,
            )

    def _facts(self, delivery: Delivery, found: Fingerprint | None) -> dict[str, Any]:
        table = delivery.table
        return {
            "batch_id": self.batch_id,
            "source_name": delivery.source,
            "table_name": table and table.name,
            "instance_name": delivery.instance,
            "system_name": delivery.system,
            "shape_name": table and table.shape,
            "id_scope": delivery.id_scope,
            "notation": table and table.notation_json,
            "file_name": delivery.listed_name,
            "name_dates": dates_in(delivery.listed_name),
            "content_hash": found and found.content_hash,
            "byte_count": found and found.byte_count,
            "position": delivery.position,
            "dated_by": table and table.dating,
        }


def _fresh(delivery: Delivery) -> Outcome:
    """The outcome of a file of which nothing is known yet."""
    table = delivery.table
    name = table.name if table else None
    return Outcome(delivery.label, delivery.source, name, path=delivery.path)


def _picture(delivery: Delivery) -> tuple[object, ...] | None:
    """The full picture that a file is a part of, if its parts come in one run."""
    table = delivery.table
    if table is None or table.meaning != "full" or delivery.is_page:
        return None
    if delivery.delivered_at:  # its parts are known by that
        return None
    dates = dates_in(delivery.listed_name)
    return delivery.instance, table.source, table.name, table.shape, dates


_NUMBER = re.compile(
    r"(?:(.*[-_. ]))?(?:part|teil|pt)?[-_ ]?\d{1,3}(?:[-_ ]?of[-_ ]?\d{1,3})?"
)


def _numbered(delivery: Delivery) -> tuple[str, str] | None:
    """The name of a part without its number, as deals of deals_2.csv.

    None without one. What a browser adds, as in deals (2).csv, is none.
    """
    name, _, part = delivery.file_name.casefold().partition(BETWEEN)
    folder, _, name = name.rpartition("/")
    found = _NUMBER.fullmatch(name.partition(".")[0])
    return (folder, f"{found[1] or ''}{BETWEEN}{part}") if found else None


def _some(names: list[str]) -> str:
    """The first few names."""
    shown = ", ".join(map(printable, names[:3]))
    return f"{shown} and {len(names) - 3:,} more" if len(names) > 3 else shown


def _lands_once(delivery: Delivery) -> bool:
    """Whether an export lands from one folder alone; of no known system it can be any.

    Of a shop all records are facts, and would be added up; those of a CRM can be
    compared by hand, so they land, with the finding `export_in_two_folders`.
    """
    table = delivery.table
    return table is not None and table.system is not None and table.is_of_one_folder
