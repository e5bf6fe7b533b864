"""What became of a run: counts and, file by file, what to report of it."""

import re
import shlex
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts.printable import printable
from scripts.settings import shown

from .preview import Preview
from .readers.base import APART_LIMIT, Reject
from .readers.sums import number
from .reading import Reading

ADVISED = re.compile(r"`make source FILE=.*` (?=drafts a declaration$)", re.DOTALL)


@dataclass
class Outcome:
    """What became of one file."""

    label: str
    """`<source>/<file>` as in the inbox."""
    source: str | None = None
    table: str | None = None
    status: str = "landed"
    """`landed`, `skipped` or `refused`."""
    reason: str | None = None
    file_id: int | None = None
    records: int = 0
    landed: int = 0
    rejected: int = 0
    separators: int = 0
    first_reject: Reject | None = None
    extra: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    """Those of `missing` that are not optional: what is reported."""
    renamed: dict[str, str] = field(default_factory=dict)
    undated: int = 0
    """Records whose delivery time could not be understood."""
    twin: str | None = None
    """The member of a ZIP file that it repeats, and with which it landed."""
    is_known: bool = False
    """A refusal that the ledger already has."""
    cut_reason: str | None = None
    """What is missing, if it is not whole."""
    apart: list[dict[str, object]] = field(default_factory=list)
    """Lines that are no records."""
    notes: list[str] = field(default_factory=list)
    """What a person should know of how it was read."""
    archived_as: str | None = None
    with_place: Callable[[str], str] = str
    """Adds to a reason where the setting that it names is written."""
    archive_problem: str | None = None
    path: Path | None = None
    """Where the file, or that of which it is a part, lies."""
    preview: Preview | None = None

    def note(self, reading: Reading) -> None:
        """Take over what the file turned out to be."""
        self.landed, self.rejected = reading.landed, reading.rejected
        self.separators, self.first_reject = reading.separators, reading.first_reject
        self.records = self.landed + self.rejected + self.separators
        self.undated, self.extra = reading.undated, reading.extra
        self.missing, self.absent = reading.missing, reading.absent
        self.renamed = reading.renamed
        self.cut_reason, self.apart = reading.cut_reason, reading.apart
        self.notes = reading.notes
        self.preview = reading.preview

    @property
    def seen(self) -> str:
        """What the file holds, on one line."""
        rows = self.records - self.separators
        said = self.preview.lines(rows) if self.preview else []
        return printable("; ".join(said))

    @property
    def remarks(self) -> list[str]:
        """What a person should know of the file, gravest first."""
        return [printable(remark) for remark in self._remarks()]

    def _advised(self, reason: str) -> str:
        """A reason whose command names the file where it lies, for the shell.

        What the ledger has knows its name alone: it lies elsewhere on the next day.
        """
        if self.path is None:
            return reason
        command = f"`make source FILE={shlex.quote(shown(self.path))}` "
        return ADVISED.sub(lambda _: command, reason)

    def _remarks(self) -> list[str]:
        if self.status == "refused":
            return [f"refused: {self._advised(self.reason or '')}", *self.notes]
        remarks = [f"the same as {self.twin}"] if self.twin else []
        if self.cut_reason:
            remarks.append(f"not whole: {self.with_place(self.cut_reason)}")
        if self.first_reject:
            at = self.first_reject
            place = f"line {at.first_line}" if at.first_line else f"record {at.record}"
            remarks.append(
                f"{place}: {self.with_place(at.reason)} "
                f"({self.rejected:,} of {self.records:,} records rejected)"
            )
        for kind in dict.fromkeys(str(found["kind"]) for found in self.apart):
            found = [each for each in self.apart if each["kind"] == kind]
            what = "line" if "line" in found[0] else "record"
            place = f"{what} {found[0][what]}"
            remarks.append(f"{place}: {kind}, no record" + _more(found))
            remarks += _differing(found, what)
        remarks += self.notes
        if self.status == "landed" and not self.records:
            remarks.append("no records in it")
        if self.extra:
            remarks.append(f"not declared, kept in _extra: {_listed(self.extra)}")
        if self.absent and self.records:
            remarks.append(f"not in the file: {_listed(self.absent)}")
        if self.undated:
            remarks.append(f"delivery time not understood in {self.undated:,} records")
        if self.archive_problem:
            remarks.append(f"left in the inbox: {self.archive_problem}")
        return remarks


@dataclass
class Summary:
    """What became of one run."""

    inbox: Path
    db: Path
    dry_run: bool = False
    lake: Path | None = None
    batch_id: int | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    undelivered: dict[str, list[str]] = field(default_factory=dict)
    """Source → tables for which no file came."""
    amended: list[str] = field(default_factory=list)
    """Bronze tables whose earlier rows were completed from `_extra`."""
    unasked: list[str] = field(default_factory=list)
    """Feeds that a dry run leaves alone."""
    notes: list[str] = field(default_factory=list)
    """What feeds say of how they were read."""
    log_path: Path | None = None
    log_problem: str | None = None

    @property
    def ledger(self) -> Path:
        """The SQLite database that holds the ledger."""
        return self.lake / "ledger.db" if self.lake else self.db

    def files(self, status: str) -> int:
        """Number of files that were landed, skipped or refused."""
        return sum(outcome.status == status for outcome in self.outcomes)

    @property
    def counts(self) -> dict[str, int]:
        """Counts of files and records, as the ledger's batches have them."""
        landed = [o for o in self.outcomes if o.status == "landed"]
        return {
            "seen_file_count": len(self.outcomes),
            "landed_file_count": len(landed),
            "refused_file_count": self.files("refused"),
            "skipped_file_count": self.files("skipped"),
            "record_count": sum(o.records for o in landed),
            "landed_count": sum(o.landed for o in landed),
            "rejected_count": sum(o.rejected for o in landed),
            "separator_count": sum(o.separators for o in landed),
        }

    @property
    def status(self) -> str:
        """Status of the batch."""
        return "complete_with_refusals" if self.files("refused") else "complete"

    @property
    def exit_code(self) -> int:
        """0 if every file landed whole or was known, 1 if one was refused or cut."""
        return self.exit_code_without(())

    def exit_code_without(self, accepted: Collection[int | None]) -> int:
        """The exit code if the faults of some files, by their number, are accepted."""
        faulty = (o for o in self.outcomes if o.cut_reason or o.status == "refused")
        return 1 if any(o.file_id not in accepted for o in faulty) else 0


def _more(found: list[Any]) -> str:
    at_least = " at least" if len(found) >= APART_LIMIT else ""
    return f" (and {len(found) - 1:,} more{at_least})" if len(found) > 1 else ""


def _differing(found: list[Any], what: str) -> list[str]:
    """What rows of totals say otherwise than the records do; the first of them."""
    differing = [each for each in found if "differs" in each]
    return [
        f"{what} {each[what]}: totals differ: " + said(each["differs"])
        for each in differing[:3]
    ] + [f"totals differ in {len(differing) - 3:,} more rows"] * (len(differing) > 3)


def said(differing: list[dict[str, str]]) -> str:
    """Which columns of a row of totals differ from the records, and by how much."""
    texts = []
    for each in differing:
        given, records = number(each["value"]), Decimal(each["sum"])
        more = "" if given is None else f" ({_shown(given - records)})"
        texts.append(f"{each['column']} {each['value']}, records {each['sum']}{more}")
    return "; ".join(texts)


def _shown(number: Decimal) -> str:
    return f"{number.normalize():+f}"


def _listed(names: list[str], limit: int = 8) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
