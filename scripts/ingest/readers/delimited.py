"""Delimited text (csv, tsv): records, their physical lines, and what is wrong.

The csv module parses; this reader keeps the lines of the record in hand. A
record which cannot be right (bad quoting, wrong field count over several
lines, too long) costs its first line only: parsing goes on from the second,
so a stray quote does not swallow what follows it.
"""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import count
from operator import iadd, itemgetter
from typing import NamedTuple

from ..errors import Refusal
from ..files import Content
from ..headers import match
from ..sources import Table
from . import text as texts
from .base import EMPTY, Batch, Reader, Reject, cut, dumps

SPAN_LIMIT = 131_072  # characters of a record that spans lines
UNCLOSED = "a quote is not closed"
_END_IN_QUOTES = "unexpected end of data"

csv.field_size_limit(2**31 - 1)  # one line may be as long as it likes


class _Parsed(NamedTuple):
    """Records of some lines, up to the first error."""

    rows: list[list[str]]
    ends: list[int]
    """Number of lines read after each record."""
    error: str | None


class DelimitedReader(Reader):
    """Reads csv and tsv."""

    def __init__(self, content: Content, table: Table, kind: str) -> None:
        super().__init__(table)
        self.format = kind
        self.delimiter = table.delimiter or ("\t" if kind == "tsv" else ",")
        self._text = texts.Text(content.stream, table.encoding)
        self.encoding = self._text.encoding
        self._blocks = self._read_blocks()
        self._line = 1  # physical line of the first line in hand
        self._carried: list[str] = []
        self._one_line_each = True  # as far as the last block tells
        self._arrange: Callable[[list[str]], list[str]] | None = None
        self._read_header()

    def batches(self) -> Iterator[Batch]:
        """Batches of rows; those of a block without trouble cost no loop."""
        for block, last in self._blocks:
            yield self._batch(block, last)

    # -- lines ---------------------------------------------------------------

    def _read_blocks(self) -> Iterator[tuple[str, bool]]:
        """Blocks of whole lines; the last one is marked (and may be empty)."""
        parts: list[str] = []
        for chunk in self._text.chunks():
            end = max(chunk.rfind("\n"), chunk.rfind("\r")) + 1
            if end:
                parts.append(chunk[:end])
                yield "".join(parts), False
                parts = [chunk[end:]]
            else:
                parts.append(chunk)
        yield "".join(parts), True

    def _lines(self, block: str) -> list[str]:
        if block.count("\r") != block.count("\r\n"):
            return self._carried + io.StringIO(block, newline="").readlines()
        # As splitlines(True), which would also split at U+2028 and the like.
        lines = [line + "\n" for line in block.split("\n")]
        lines[-1] = lines[-1][:-1]
        if not lines[-1]:
            del lines[-1]
        return self._carried + lines

    # -- header --------------------------------------------------------------

    def _read_header(self) -> None:
        header = None
        for block, last in self._blocks:
            lines = self._lines(block)
            header, used = self._header_of(lines, last)
            self._carried = lines[used:] if header or not last else []
            self._line += used
            if header or last:
                break
        if not header:
            raise Refusal(EMPTY)
        if last:
            self._blocks = iter([("", True)])
        self.width = len(header)
        if self.table.register:
            self._keys = self.keep_whole(header)
            self.columns = ["register", "record"]
            self._arrange = self._whole
            return
        found = match(header, self.table.columns)
        self.learn(found)
        self.check_columns(header)
        self.columns = sorted(found.columns, key=found.columns.__getitem__)
        self._extras = tuple(found.extras)
        if self._extras:
            self._arrange = self._with_extras
            self._pick = _picker([found.columns[name] for name in self.columns])
            self._pick_extras = _picker(list(found.extras.values()))
            self.columns.append("_extra")

    def _header_of(self, lines: list[str], last: bool) -> tuple[list[str] | None, int]:
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        used = 0
        try:
            for row in reader:
                used = reader.line_num
                if any(field.strip() for field in row):
                    self._check_header("".join(lines[:used]))
                    return row, used
        except csv.Error as error:
            unclosed = _END_IN_QUOTES in str(error)
            if unclosed and not last and sum(map(len, lines)) <= SPAN_LIMIT:
                return None, used
            reason = UNCLOSED if unclosed else f"bad quoting: {error}"
            raise Refusal(f"line {self._line + used}: header: {reason}") from None
        return None, used

    def _check_header(self, raw: str) -> None:
        trouble = texts.problem(raw, str(self.encoding))
        if trouble:
            raise Refusal(f"line {self._line}: header: {trouble}")

    # -- records -------------------------------------------------------------

    def _batch(self, block: str, last: bool) -> Batch:
        untroubled = not self._carried and texts.is_clean(block)
        if self.table.separator and self.table.separator in block:
            untroubled = False
        if untroubled and self._one_line_each:
            rows = self._split(block)
            if rows and self._is_plain(rows):
                return self._plain_batch(rows)
        lines = self._lines(block)
        parsed = self._parse(lines)
        self._one_line_each = len(parsed.rows) == len(lines)
        if untroubled and self._one_line_each and self._is_plain(parsed.rows):
            return self._plain_batch(parsed.rows)
        return self._careful_batch(lines, parsed, last)

    def _split(self, block: str) -> list[list[str]] | None:
        """The rows of a block, if each line is a record: csv at half the cost.

        A line without quotes needs no csv. If the lines with quotes are as many
        records as lines, no quote is open at the end of any of them.
        """
        text = block.replace("\r\n", "\n") if "\r" in block else block
        if "\r" in text:
            return None
        lines = text.removesuffix("\n").split("\n")
        quoted = [line for line in lines if '"' in line]
        if not quoted:
            return [line.split(self.delimiter) for line in lines]
        parsed = self._parse(quoted)
        if len(parsed.rows) != len(quoted):
            return None
        rows = iter(parsed.rows)
        return [
            next(rows) if '"' in line else line.split(self.delimiter) for line in lines
        ]

    def _parse(self, lines: list[str]) -> _Parsed:
        rows: list[list[str]] = []
        ends: list[int] = []
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            for row in reader:
                rows.append(row)
                ends.append(reader.line_num)
        except csv.Error as error:
            return _Parsed(rows, ends, str(error))
        return _Parsed(rows, ends, None)

    def _is_plain(self, rows: list[list[str]]) -> bool:
        """Whether each row has all its fields, and none is a blank line."""
        return set(map(len, rows)) == {self.width} and (
            self.width > 1 or all(map(itemgetter(0), rows))
        )

    def _plain_batch(self, rows: list[list[str]]) -> Batch:
        places = zip(count(self.record + 1), count(self._line))
        self.record += len(rows)
        self._line += len(rows)
        arranged = map(self._arrange, rows) if self._arrange else rows
        return Batch(map(iadd, arranged, places), len(rows), [], 0)

    def _whole(self, row: list[str]) -> list[str]:
        record = dumps(dict(zip(self._keys, row, strict=True)))
        return [str(self.table.register), record]

    def _with_extras(self, row: list[str]) -> list[str]:
        extra = dict(zip(self._extras, self._pick_extras(row), strict=True))
        return [*self._pick(row), dumps(extra)]

    def _careful_batch(self, lines: list[str], parsed: _Parsed, last: bool) -> Batch:
        """Record by record, with an eye on lines, encoding and separators."""
        rows: list[list] = []
        self._rejects: list[Reject] = []
        separators = 0
        start = 0  # index of the first line of the record in hand
        while True:
            origin = start
            for row, end in zip(parsed.rows, parsed.ends, strict=True):
                end += origin
                astray = self._astray(row, lines, start, end)
                if astray:
                    break
                kind = self._kind(row, lines, start, end)
                if kind is not None:
                    self.record += 1
                if kind == "separator":
                    separators += 1
                elif kind == "record":
                    row = self._arrange(row) if self._arrange else row
                    rows.append([*row, self.record, self._line + start])
                start = end
            else:
                astray = parsed.error and self._explain(parsed.error)
                open_end = not last and _END_IN_QUOTES in str(parsed.error)
                if not astray or (open_end and _span(lines, start) <= SPAN_LIMIT):
                    break
            self.record += 1
            self._reject(lines, start, start + 1, astray)
            start += 1
            parsed = self._parse(lines[start:])
        self._carried = lines[start:]
        self._line += start
        return Batch(rows, len(rows), self._rejects, separators)

    def _astray(self, row, lines: list[str], start: int, end: int) -> str | None:
        """Why a record that spans lines is more likely a quote gone astray."""
        if end - start == 1:
            return None
        if _span(lines, start, end) > SPAN_LIMIT:
            return f"{UNCLOSED} within {SPAN_LIMIT:,} characters"
        if row and len(row) != self.width:
            first, last = self._line + start, self._line + end - 1
            return f"{self._counted(row)} in lines {first} to {last}: a quote astray?"
        return None

    def _kind(self, row, lines: list[str], start: int, end: int) -> str | None:
        """`record`, `separator`, `reject` (noted), or None for a blank line."""
        if not row or (len(row) == 1 < self.width and not row[0].strip()):
            return None
        separator = self.table.separator
        if separator and all(field.strip() == separator for field in row):
            return "separator"
        reason = None if len(row) == self.width else self._counted(row)
        reason = self._trouble(lines, start, end) or reason
        if reason is None:
            return "record"
        self._reject(lines, start, end, reason, self.record + 1)
        return "reject"

    def _trouble(self, lines: list[str], start: int, end: int) -> str | None:
        return texts.problem("".join(lines[start:end]), str(self.encoding))

    def _counted(self, row: list[str]) -> str:
        return f"expected {self.width} fields, found {len(row)}"

    def _explain(self, error: str) -> str:
        return UNCLOSED if _END_IN_QUOTES in error else f"bad quoting: {error}"

    def _reject(
        self, lines: list[str], start: int, end: int, reason: str, record: int = 0
    ) -> None:
        raw = texts.printable("".join(lines[start:end]).rstrip("\r\n"))
        first, last = self._line + start, self._line + end - 1
        record = record or self.record
        self._rejects.append(Reject(record, first, last, reason, cut(raw)))


def _picker(positions: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(positions) == 1:
        return lambda row: (row[positions[0]],)
    return itemgetter(*positions)


def _span(lines: list[str], start: int, end: int | None = None) -> int:
    return sum(map(len, lines[start:end]))
