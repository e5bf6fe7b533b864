"""What every reader gives, and the ways of writing a value as text."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import Refusal
from ..headers import Match, match, normal
from ..sources import Table
from .text import printable
from .totals import Totals

RAW_LIMIT = 10_000  # characters of a rejected record that are kept
APART_LIMIT = 100  # lines that are no records, of a file and a kind
CHECK_LIMIT = 10_000  # rows of totals that are held against the records
EMPTY = "empty file"
CELL_ERROR = "cell_error"
ERRORS = re.compile(
    r"#(?:n/a|n/d|nv|nd|null!|div/0!|value!|ref!|name\?|num!|spill!|calc!|error!|"
    r"bezug!|wert!|zahl!|nom\?|valeur!|nombre!|nul!|¡[a-z]+(?:/0)?!|¿nombre\?|#{3,})",
    re.IGNORECASE,
)
"""What spreadsheets write for an error, and for a number in a narrow column."""

dumps: Callable[[object], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":")
).encode


class Reject(NamedTuple):
    """A record that could not be read."""

    record: int
    first_line: int | None
    last_line: int | None
    reason: str
    raw_text: str


class Batch(NamedTuple):
    """Some records of a file."""

    rows: Iterable[Sequence[Any]]
    """Values in the order of `Reader.columns`, then record and line."""
    landed: int
    rejects: list[Reject]
    separators: int
    size: int = 0
    """Characters it took in the file, about."""


class _Unchecked(NamedTuple):
    """A row of totals that is not held against the records yet."""

    entry: dict[str, object]
    totals: Totals
    row: Sequence[str]
    at: int
    is_shown: bool


class Reader:
    """Base of the readers.

    `columns` names the bronze columns its rows fill. What it learns of the
    headers on the way is complete when the batches are.
    """

    format: str
    encoding: str | None = None
    columns: list[str]

    def __init__(self, table: Table) -> None:
        self.table = table
        self.record = 0  # ordinal of the record read last
        self.found: set[str] = set()
        self.extras: dict[str, None] = {}  # in order of appearance
        self.renamed: dict[str, str] = {}
        self.cut_reason: str | None = None
        """What is missing, if the file ends too early."""
        self.apart: list[dict[str, object]] = []
        """What is no record: kind, line or number, and text."""
        self.faults: list[dict[str, object]] = []
        """What is wrong within it: `rule`, `column`, `value` and `line`."""
        self.notes: list[str] = []
        """What a person should know of how it was read."""
        self._apart_counts: Counter[str] = Counter()
        self._unchecked: list[_Unchecked] = []
        self._uncompared = 0
        self._uncompared_from: list[tuple[str, int]] = []

    def batches(self) -> Iterator[Batch]:
        """The records; may refuse the file, also at its end."""
        raise NotImplementedError

    @property
    def missing(self) -> list[str]:
        """Declared columns the file does not have."""
        return [c.name for c in self.table.columns if c.name not in self.found]

    def keep_whole(self, headers: Iterable[str]) -> tuple[str, ...]:
        """The keys of a register's records: its headers, trimmed and unlike.

        Refuses the file if one that its declaration requires is missing.
        """
        headers = [header.replace('"', "") for header in headers]
        there = {normal(header) for header in headers}
        for column in self.table.mapped:
            names = {normal(name) for name in (column.name, *column.aliases)}
            there |= names if names & there else set()
        lacking = [h for h in self.table.required_headers if normal(h) not in there]
        if lacking:
            raise Refusal(_lacking(lacking, headers))
        self.found.update(column.name for column in self.table.columns)
        return tuple(match(headers, ()).extras)

    def set_apart(
        self,
        kind: str,
        place: dict[str, int],
        raw: str,
        totals: Totals | None = None,
        row: Sequence[str] = (),
        at: int = 0,
    ) -> None:
        """Note what is no record, with its line or number; the first of each kind.

        Totals are held against the records when all of these are known.
        """
        self._apart_counts[kind] += 1
        is_shown = self._apart_counts[kind] <= APART_LIMIT
        if not is_shown and (totals is None or len(self._unchecked) >= CHECK_LIMIT):
            if totals is not None:
                self._leave_uncompared(place)
            return
        text = cut(printable(raw.rstrip("\r\n")))
        entry = {**place, "kind": kind, "text": text}
        if is_shown:
            self.apart.append(entry)
        if totals is not None:
            self._unchecked.append(_Unchecked(entry, totals, row, at, is_shown))

    def note_errors(
        self, cells: Sequence[str | None], names: Sequence[str], line: int
    ) -> None:
        """Note the cells of a record that hold an error of a spreadsheet."""
        for name, cell in zip(names, cells, strict=False):
            if cell and cell[:1] in "# " and ERRORS.fullmatch(cell.strip()):
                self.note_fault(CELL_ERROR, name, cell.strip(), line)

    def note_fault(self, rule: str, column: str, value: str, line: int | None) -> None:
        """Note what is wrong within the file; the first of each rule."""
        self._apart_counts[rule] += 1
        if self._apart_counts[rule] <= APART_LIMIT:
            self.faults.append(
                {"rule": rule, "column": column, "value": value, "line": line}
            )

    def check_totals(self) -> None:
        """Note where totals differ from the sums of the records."""
        for each in dict.fromkeys(one.totals for one in self._unchecked):
            waiting = [one for one in self._unchecked if one.totals is each]
            each.add_up(one.row for one in waiting)
            for one in waiting:
                if each.is_tired:
                    self._leave_uncompared(one.entry)
                    continue
                if not one.is_shown and self._apart_counts["differs"] >= APART_LIMIT:
                    continue
                differing = each.differing(one.row, one.at)
                if not differing:
                    continue
                one.entry["differs"] = differing
                self._apart_counts["differs"] += 1
                if not one.is_shown and self._apart_counts["differs"] <= APART_LIMIT:
                    self.apart.append(one.entry)
        self._unchecked = []
        if self._uncompared:
            name, first = min(self._uncompared_from)
            self.notes.append(
                f"{self._uncompared:,} rows of totals, from {name} {first:,} on, "
                "are too many to be compared with the records"
            )

    def _leave_uncompared(self, place: Mapping[str, object]) -> None:
        """Count a row of totals that is not held against the records."""
        self._uncompared += 1
        name = "line" if "line" in place else "record"
        at = (name, int(str(place[name])))
        self._uncompared_from = [min([at, *self._uncompared_from])]

    def learn(self, match: Match) -> None:
        """Note which columns came, under which names."""
        self.found.update(match.columns)
        self.extras.update(dict.fromkeys(match.extras))
        self.renamed.update(match.renamed)

    def check_columns(self, headers: Iterable[str]) -> None:
        """Refuse the file if a required column, or every column, is missing."""
        required = [c.name for c in self.table.columns if c.required]
        lacking = [name for name in required if name not in self.found]
        if not lacking and self.found:
            return
        raise Refusal(_lacking(lacking if self.found else [], headers))


def _lacking(columns: list[str], headers: Iterable[str]) -> str:
    """Which columns a file should have; none stands for all."""
    shown = ", ".join(headers)
    shown = shown if len(shown) <= 200 else shown[:200] + " …"
    if not columns:
        problem = "no header is a declared column"
    elif len(columns) == 1:
        problem = f"required column {columns[0]} is missing"
    else:
        problem = f"required columns {', '.join(columns)} are missing"
    return f"{problem} (headers: {shown})"


def cut(text: str) -> str:
    """A raw text, bounded, with a note of how long it was."""
    if len(text) <= RAW_LIMIT:
        return text
    return f"{text[:RAW_LIMIT]} … (cut; {len(text):,} characters)"
