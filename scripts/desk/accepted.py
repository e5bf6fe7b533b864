"""Findings that somebody accepts: lines of the user's own file `accepted_findings`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from scripts.desk import lines, typed
from scripts.desk.base import Base, Row
from scripts.desk.lines import LineError
from scripts.seed_lines import CHECKS, LIKE, Line

SEED = "accepted_findings"
SAID = ("accepted_until", "accepted_by", "accepted_on", "reason")
ONCE_PER_VALUE = frozenset(
    {"code_unknown", "currency_unknown", "interval_unknown", "coupon_unknown"}
)
"""Rules that are reported at the first record of a value, whichever that is."""
LONGEST_VALUE = 500
BUILT = f"select {', '.join((*LIKE, *SAID))} from {SEED}"


def of_finding(finding: Row) -> Line:
    """Return what a line says to accept this finding and no other.

    It names the record by its identifier and the value, so it holds when the fault is
    delivered again; what has no identifier is named by its place in the file.
    Raises LineError for what no line can name.
    """
    line = _of(finding, "rule", "source_name", "table_name", "column_name")
    value, record = finding["source_value"], finding["record_id"]
    if finding["rule"] in ONCE_PER_VALUE and _is_plain(value):
        return line | {"source_value": value}
    if _is_plain(record) and finding["table_name"]:
        line["record_id"] = record
    elif _is_plain(finding["file_name"]):
        line |= _of(finding, "file_name", "record")
    else:
        raise LineError("neither record nor file has a name that a line can hold")
    return line | ({"source_value": value} if _is_plain(value) else {})


def of_rule(source: str | None, table: str | None, rule: str, column: str) -> Line:
    """Return what a line says to accept a rule for a column of a table.

    Raises LineError for findings of files that no table takes.
    """
    if not source or not table:
        raise LineError("these are of no table: accept them one by one")
    named = {"rule": rule, "source_name": source, "table_name": table}
    return named | ({"column_name": column} if column else {})


def accept(like: Iterable[Line], until: str, by: str, reason: str, today: str) -> int:
    """Write lines that accept something until a day, or for good; return how many.

    Raises LineError if something is missing or cannot be written.
    """
    until, by, reason = (
        typed.typed(until, 10, "day"),
        typed.name(by),
        typed.reason(reason),
    )
    if not by:
        raise LineError("who accepts it? The name is empty")
    if not reason:
        raise LineError("why is it accepted? The reason is empty")
    if until and not _is_day(until):
        raise LineError(f"until must be a day such as 2026-01-31, found {until!r}")
    if until and until < today:
        raise LineError(f"until {until} is in the past")
    said = dict(zip(SAID, (until, by, today, reason), strict=True))
    wanted = [line | said for line in like]
    if not wanted:
        raise LineError("nothing was chosen")
    for line in wanted:
        if fault := CHECKS[SEED](line):
            raise LineError(fault)
    for line in wanted:
        lines.append(SEED, {name: typed.harmless(v) for name, v in line.items()})
    return len(wanted)


def undo(key: str) -> bool:
    """Take the line of this key out of the user's file; return whether it was there."""
    for line in own():
        if key_of(line) == key:
            return lines.remove(SEED, line)
    return False


def own() -> list[Line]:
    """Return the lines of the user's file; raises SeedError."""
    return [line for _, line in lines.read(SEED)]


def key_of(line: Line) -> str:
    """Return what a form names a line by."""
    whole = json.dumps(_compared(line))
    return sha256(whole.encode(errors="surrogatepass")).hexdigest()[:24]


def waiting(base: Base, known: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines that no run has seen yet, and those taken out since."""
    built = {_compared(line): line for line in _built(base)}
    mine = {_compared(line): line for line in known}
    return (
        [line for key, line in mine.items() if key not in built],
        [line for key, line in built.items() if key not in mine],
    )


def is_like(line: Line, finding: Row) -> bool:
    """Return whether a line accepts a finding, as the warehouse decides it."""
    said = {name: value for name in LIKE if (value := line.get(name, "").strip())}
    return all(value == text(finding[name]) for name, value in said.items())


def is_same(row: Row, line: Line) -> bool:
    """Return whether a row of rpt_accepted_findings is of a line."""
    return _compared({name: text(value) for name, value in row.items()}) == _compared(
        line
    )


def text(value: Any) -> str:
    """Return a value as a line has it."""
    return "" if value is None else str(value)


def _built(base: Base) -> Iterator[Line]:
    if not base.has(SEED):
        return
    try:
        rows = base.rows(BUILT)
    except sqlite3.OperationalError:  # of another version
        return
    for row in rows:
        yield {name: text(value) for name, value in row.items()}


def _compared(line: Line) -> tuple[str, ...]:
    return tuple(line.get(name, "").strip() for name in (*LIKE, *SAID))


def _of(finding: Row, *names: str) -> Line:
    return {n: text(finding[n]) for n in names if finding[n] is not None}


def _is_plain(value: Any) -> bool:
    """Whether a line keeps a value as it is: no blanks at its ends, no line breaks."""
    said = text(value)
    return (
        0 < len(said) <= LONGEST_VALUE
        and said == said.strip()
        and said.isprintable()
        and said.lower() != "null"
    )


def _is_day(given: str) -> bool:
    try:
        return date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False
