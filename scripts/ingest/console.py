"""What people see of a run: a bar while it works, then lines worth reading."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scripts import terminal
from scripts.printable import printable
from scripts.terminal import glued

from .batch import Progress
from .outcome import Outcome, Summary

LARGE = 4_000_000
"""Bytes of a file from which on a line shows that it is being read."""
SECONDS = 5
"""Between two such lines about many small files."""
MOST = 20
"""Files whose content is shown at once."""
RECORDS = {"landed": "landed", "rejected": "rejected", "separator": "set apart"}
"""The word for records that are counted under a name."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar over bytes on stderr; without a terminal a line now and then."""
    with terminal.bar("Landing", "looking at the files") as tell:
        yield tell or _lines()


def _lines() -> Progress:
    """Say of a large file that it is being read, and every few seconds at which."""
    begun: tuple[str, int] | None = None
    is_said, last = True, time.monotonic()

    def tell(done: int, total: int, label: str) -> None:
        nonlocal begun, is_said, last
        if begun is None or begun[0] != label:
            begun, is_said = (label, done), False
        is_late = time.monotonic() >= last + SECONDS
        if label and not is_said and (is_late or done - begun[1] >= LARGE):
            print(f"landing {label}", file=sys.stderr, flush=True)
            is_said, last = True, time.monotonic()

    return tell


def found() -> Callable[[Outcome], None]:
    """Print what a file holds as soon as it has landed."""
    count = 0

    def say(outcome: Outcome) -> None:
        nonlocal count
        if outcome.status != "landed" or not outcome.seen:
            return
        count += 1
        if count <= MOST:
            terminal.show([f"{glued(outcome.label)}: {printable(outcome.seen)}"])
        elif count == MOST + 1:
            terminal.show(["… what further files hold: a dry run shows it"])

    return say


def report(summary: Summary) -> list[str]:
    """The lines to show: what needs attention, gravest first, then the totals."""
    files: dict[str, list[str]] = {}
    for outcome in sorted(summary.outcomes, key=_gravity):
        for remark in outcome.remarks:
            files.setdefault(remark, []).append(glued(outcome.label))
    lines = [f"{_few(labels)}: {remark}" for remark, labels in files.items()]
    if summary.dry_run:
        lines = [f"{glued(o.label)}: {_foresight(o)}" for o in summary.outcomes]
    for source, tables in summary.undelivered.items():
        lines.append(f"{source}: no file for {', '.join(tables)}")
    for feed in summary.unasked:
        lines.append(f"{feed}: not asked in a dry run")
    lines += summary.notes
    for table in summary.amended:
        lines.append(f"{table}: earlier rows completed from _extra, or dated anew")
    if summary.log_problem:
        lines.append(summary.log_problem)
    return [printable(line) for line in (*lines, _totals(summary))]


def _gravity(outcome: Outcome) -> int:
    return 0 if outcome.status == "refused" else 1 if outcome.cut_reason else 2


def _few(labels: list[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    return f"{labels[0]} and {_count(len(labels) - 1, 'file')} more"


def _foresight(outcome: Outcome) -> str:
    said = "; ".join(outcome.remarks)
    if outcome.status == "refused":
        return f"would be {said}"
    if outcome.status == "skipped":
        return f"would be skipped: {said or 'it has landed already'}"
    plan = f"would land {_count(outcome.landed, 'record')}"
    return "; ".join(filter(None, (plan, outcome.seen, said)))


def _totals(summary: Summary) -> str:
    if not summary.outcomes:
        return f"no files in {summary.inbox}"
    counts = summary.counts

    def said(status: str) -> str:
        if not summary.dry_run:
            return status
        return "would land" if status == "landed" else f"would be {status}"

    files = ", ".join(
        f"{counts[f'{status}_file_count']:,} {said(status)}"
        for status in ("landed", "skipped", "refused")
        if counts[f"{status}_file_count"] or status == "landed"
    )
    records = ", ".join(
        f"{counts[f'{status}_count']:,} {said(name)}"
        for status, name in RECORDS.items()
        if counts[f"{status}_count"] or status != "separator"
    )
    return f"{_count(counts['seen_file_count'], 'file')}: {files}; records: {records}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
