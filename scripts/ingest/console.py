"""What people see of a run: a bar while it works, then lines worth reading."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scripts.printable import printable

from .batch import Progress
from .outcome import Outcome, Summary

LARGE = 4_000_000
"""Bytes of a file from which on it is said that it is being read."""
MOST = 20
"""Files of which it is said at once what they hold."""
RECORDS = {"landed": "landed", "rejected": "rejected", "separator": "set apart"}
"""What is said of records that are counted under a name."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar over bytes on stderr; a line for each large file if that is no terminal."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from tqdm import tqdm  # loading it takes as long as many a small file

    with tqdm(desc="Ingest", unit="B", unit_scale=True, leave=False) as bar:

        def tell(done: int, total: int, label: str) -> None:
            bar.total = total
            bar.set_postfix_str(label, refresh=False)
            bar.update(done - bar.n)

        yield tell


def _lines() -> Progress:
    """Say of a large file that it is being read."""
    begun: tuple[str, int] | None = None
    is_said = True

    def tell(done: int, total: int, label: str) -> None:
        nonlocal begun, is_said
        if begun is None or begun[0] != label:
            begun, is_said = (label, done), False
        elif not is_said and done - begun[1] >= LARGE:
            print(f"landing {label}", file=sys.stderr, flush=True)
            is_said = True

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
            print(f"{outcome.label}: {printable(outcome.seen)}", flush=True)
        elif count == MOST + 1:
            print("… what further files hold: a dry run shows it", flush=True)

    return say


def report(summary: Summary) -> list[str]:
    """The lines to print: what needs attention, with its files, then the totals."""
    files: dict[str, list[str]] = {}
    for outcome in summary.outcomes:
        for remark in outcome.remarks:
            files.setdefault(remark, []).append(outcome.label)
    lines = [f"{_few(labels)}: {remark}" for remark, labels in files.items()]
    if summary.dry_run:
        lines = [f"{o.label}: {_foresight(o)}" for o in summary.outcomes]
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
