"""What was tried and what failed, line by line and as a table."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tools.torture.place import Failure, Skipped

EVERY = 60
"""Seconds between two lines on how far it has come."""
T = TypeVar("T")


@dataclass
class Row:
    """One kind of damage on one engine."""

    group: str
    engine: str
    name: str
    tried: int = 0
    failed: int = 0
    seconds: float = 0
    notes: list[str] = field(default_factory=list)


class Results:
    """The table of one engine in a file, as far as it has come.

    The file is rewritten every minute, so that a run that ends early leaves figures.
    """

    def __init__(self, path: Path, title: str) -> None:
        self.path, self.title = path, title
        self.rows: list[Row] = []
        self.failures: list[str] = []
        path.parent.mkdir(parents=True, exist_ok=True)

    def save(self, end: str = "not at its end yet") -> None:
        """Write title, table and failures; the old file stays until it is done."""
        lines = [f"{self.title}: {end}", "", *table(self.rows), "", *self.failures]
        draft = self.path.with_suffix(".part")
        draft.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
        draft.replace(self.path)


class Report:
    """Collects rows of a group; a failure is printed when it is found."""

    def __init__(self, group: str, engine: str, results: Results) -> None:
        self.group, self.engine = group, engine
        self.rows: dict[str, Row] = {}
        self._results = results
        self._told = time.monotonic()

    def row(self, name: str) -> Row:
        """Return the row of a name, begun at the first call."""
        if name not in self.rows:
            self.rows[name] = Row(self.group, self.engine, name)
            self._results.rows.append(self.rows[name])
        return self.rows[name]

    def attempt(self, name: str, trial: str, work: Callable[[], T]) -> T | None:
        """Do one trial; count it, and what it found."""
        row, began = self.row(name), time.monotonic()
        try:
            answer = work()
        except Skipped as reason:
            row.notes.append(f"skipped: {reason}")
            return None
        except Exception as error:
            known = isinstance(error, Failure)
            what = str(error) if known else f"{type(error).__name__}: {error}"
            self.fail(name, f"{trial}: {what}")
            row.tried += 1
            return None
        finally:
            row.seconds += time.monotonic() - began
        row.tried += 1
        if time.monotonic() > self._told + EVERY:
            self._told = time.monotonic()
            print(f"{self.group} {self.engine} {name}: {trial}", file=sys.stderr)
            self._results.save()
        return answer

    def fail(self, name: str, what: str) -> None:
        """Count a failure, and print it."""
        self.row(name).failed += 1
        line = f"FAIL {self.group} {self.engine} {name}: {what}"
        print(line, file=sys.stderr, flush=True)
        self._results.failures.append(line)
        self._results.save()


def table(rows: list[Row]) -> list[str]:
    """Return the rows as lines of text."""
    lines = [
        f"{'group':<10} {'engine':<7} {'what':<34} {'tried':>7} {'failed':>6}   min"
    ]
    for row in rows:
        note = "; ".join(dict.fromkeys(row.notes))
        lines.append(
            f"{row.group:<10} {row.engine:<7} {row.name:<34} {row.tried:>7,} "
            f"{row.failed:>6,} {row.seconds / 60:>5.1f} {note}".rstrip()
        )
    failed = sum(row.failed for row in rows)
    tried = sum(row.tried for row in rows)
    lines.append(f"{tried:,} tried, {failed:,} failed")
    return lines
