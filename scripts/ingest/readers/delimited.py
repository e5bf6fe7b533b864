"""Delimited text (csv, tsv): records, their physical lines, and what is wrong.

The csv module parses; this reader keeps the lines of the record in hand. A
record which cannot be right (bad quoting, wrong field count over several
lines, no end within the limit) costs its first line only: parsing goes on from
the second, so a stray quote does not swallow what follows it.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from operator import iadd, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import Refusal
from ..files import Content
from ..headers import match, normal
from ..limits import limit
from ..sources import Table
from . import text as texts
from .base import EMPTY, ERRORS, Batch, Reader, Reject, cut, dumps
from .ends import (
    PERHAPS,
    SHOWN,
    Tail,
    is_fragment,
    is_round,
    lost_digits,
)
from .groups import Groups, groups_of
from .labels import (
    ENDS,
    SIGN,
    SIGNS,
    WHITE,
    has_word,
    is_blank,
    is_footer,
    is_suspect,
    may_be_one,
)
from .layout import (
    DELIMITERS,
    TITLE,
    is_header_again,
    known_of,
    layout_of,
    named_delimiter,
    unwrapped,
)
from .signs import of_bytes, of_header
from .totals import BLANK, FOOTER, GROUP, TOTALS, Totals

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

ENOUGH_TO_LOOK = 1 << 15  # characters among which the header is, below titles
HEADER_LIMIT = 131_072  # characters of a header that spans lines
LINE_LIMIT = 1_000_000  # lines of a record
ENOUGH = 10_000  # records of a batch
INNER = 10  # lines within a quoted field that are too few to be records
LITERAL = "its quotes are no more than quotes"
UNCLOSED = "a quote is not closed"
CUT_QUOTE = "truncated: the file ends inside a quoted field"
CUT_RECORD = "truncated: the file ends inside the record"
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_LAST = 50  # records that show what the last one should look like
_END_IN_QUOTES = "unexpected end of data"
_RECORD_LIMIT = "WAREHOUSE_RECORD_LIMIT"
_COLUMN_LIMIT = "WAREHOUSE_COLUMN_LIMIT"

_NOTHING = WHITE + texts.CTRL_Z


class _Held(NamedTuple):
    """A line that waits until it shows what it is."""

    row: list[str]
    raw: str
    line: int


class DelimitedReader(Reader):
    """Reads csv and tsv."""

    def __init__(self, content: Content, table: Table, kind: str) -> None:
        super().__init__(table)
        self.format = kind
        self._delimiters = _candidates(table.delimiter, kind)
        self._content = content
        self._text = texts.Text(content, table.encoding, may_be_western=True)
        self.encoding = self._text.encoding
        if self._text.is_guessed:
            self.notes.append(f"no UTF-8: read as {self.encoding}")
        self._limit = limit(_RECORD_LIMIT)
        self._blocks = self._read_blocks()
        self._line = 1  # physical line of the first line in hand
        self._carried: list[str] = []
        self._is_unfinished = False  # the lines carried are worth a batch
        self._patience = 0  # characters to wait for before an open quote is tried again
        self._may_have_lost = False  # digits of keys, in the block in hand
        self._may_have_errors = False  # of spreadsheets
        self._is_below = False  # an empty line, or a footer below one
        self._is_quoted = False  # the header, or a name of it
        self._is_all_quoted = False  # each name of it
        self._one_line_each = True  # as far as the last block shows
        self._arrange: Callable[[list[str]], list[str]] | None = None
        self._shown: list[list[str]] = []  # some rows of the last plain block
        self._tail: deque[str] = deque(maxlen=_LAST)  # values of the last column
        self._read_header()

    def batches(self) -> Iterator[Batch]:
        """Batches of rows; those of a block without trouble cost no loop."""
        waiting: list[str] = []
        size = 0
        if self.record:  # titles above the header
            yield Batch([], 0, [], self.record)
        for block, last in self._blocks:
            waiting.append(block)
            size += len(block)
            if size < self._patience and not last:
                continue
            block = "".join(waiting) if len(waiting) > 1 else block
            waiting, size, self._patience = [], 0, 0
            yield self._batch(block, last)
            while self._is_unfinished:
                yield self._batch("", last)

    # -- lines ---------------------------------------------------------------

    def _read_blocks(self) -> Iterator[tuple[str, bool]]:
        """Blocks of whole lines; the last one is marked (and may be empty)."""
        parts: list[str] = []
        size = 0
        for chunk in self._text.chunks():
            end = max(chunk.rfind("\n"), chunk.rfind("\r")) + 1
            if end:
                parts.append(chunk[:end])
                yield "".join(parts), False
                parts, size = [chunk[end:]], len(chunk) - end
            else:
                parts.append(chunk)
                size += len(chunk)
                if size > self._limit:
                    raise Refusal(
                        f"a line is longer than {self._limit:,} characters "
                        f"({_RECORD_LIMIT})"
                    )
        if self._text.padding:
            self.cut_reason = texts.PADDED.format(self._text.padding)
        elif self._text.is_cut:
            self.cut_reason = texts.CUT_CHARACTER
        yield "".join(parts), True

    def _lines(self, block: str) -> list[str]:
        if not block:
            return self._carried
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
        header, waiting = None, ""
        for block, last in self._blocks:
            waiting += block
            if len(waiting) < ENOUGH_TO_LOOK and not last:
                continue
            lines = self._lines(waiting)
            self._take_hint(lines)
            header, used = self._header_of(lines, last)
            self._carried = lines[used:] if header or not last else []
            self._line += used
            if header or last:
                break
            waiting = ""
        if not header:
            raise Refusal(texts.ONLY_NULS if self._text.padding else EMPTY)
        if last:
            self._blocks = iter([("", True)])
        self.width = len(header)
        self._header = self._names = header
        self._normal = [normal(title) for title in header]
        title = header[0].strip().lstrip("\ufeff")
        self._begins = {
            form[:SIGN]
            for plain in (title, title.lower(), title.upper(), title.capitalize())
            for form in (plain, f" {plain}", f"{plain} ")
        } | {header[0][:SIGN]}
        # of a file that was appended to another
        self._begins |= {
            f"\ufeff{quote}{begin}"[:SIGN]
            for begin in self._begins
            for quote in ("", self._quote)
        }
        self._signs = self._begins | SIGNS
        if self.width > limit(_COLUMN_LIMIT):
            raise Refusal(
                f"{self.width:,} columns, more than {limit(_COLUMN_LIMIT):,} "
                f"({_COLUMN_LIMIT})"
            )
        self._keys_at: list[int] = []
        self._ends: Tail[_Held] = Tail(self.width, None)
        self._hollow = self.delimiter * (self.width - 1)
        self._quoted_hollow = (self.delimiter + 2 * self._quote) * (self.width - 1)
        self._groups = Groups(())
        if self.table.register:
            self._totals = None
            self._keys = self.keep_whole(header)
            self.columns = ["register", "record"]
            self._arrange = self._whole
            return
        found = match(header, self.table.columns)
        self.learn(found)
        try:
            self.check_columns(header)
        except Refusal as refusal:
            sign = of_header(header, self.delimiter, self.table)
            raise Refusal(f"{refusal.reason}{sign}") from None
        self._names = found.names(header)
        self._totals = Totals(header, found.columns, self.table, self._above)
        self._groups = groups_of(header, self._totals.keys, lambda: self._above(header))
        keys = [c.name for c in self.table.columns if c.required]
        self._keys_at = [found.columns[name] for name in keys]
        self._ends = Tail(self.width, self._keys_at)
        self.columns = sorted(found.columns, key=found.columns.__getitem__)
        self._extras = tuple(found.extras)
        if self._extras:
            self._arrange = self._with_extras
            self._pick = _picker([found.columns[name] for name in self.columns])
            self._pick_extras = _picker(list(found.extras.values()))
            self.columns.append("_extra")
        self._arrange = self._arrange or _repeated([*found.columns.values()])

    def _take_hint(self, lines: list[str]) -> None:
        """Take a first line such as `sep=;` for the delimiter, and drop it."""
        named = named_delimiter(lines) if self._line == 1 else None
        if named is not None:
            self._delimiters = named or self._delimiters
            del lines[0]
            self._line += 1

    def _header_of(self, lines: list[str], last: bool) -> tuple[list[str] | None, int]:
        """The header and the lines up to its end; None if it goes on."""
        found = layout_of(lines, self._delimiters, known_of(self.table))
        start = found.start if found else 0
        self.delimiter = found.delimiter if found else self._delimiters[0]
        self._quote = found.quote if found else '"'
        self.format = "tsv" if self.delimiter == "\t" else "csv"
        if found and found.is_wrapped:
            self._unwrap(lines)
        reader = self._reader(lines, start)
        used = start
        try:
            for row in reader:
                used = start + reader.line_num
                if any(field.strip() for field in row):
                    raw = "".join(lines[start:used])
                    self._check_header(raw)
                    self._is_quoted = self._quote in raw
                    self._is_all_quoted = raw.count(self._quote) >= 2 * len(row)
                    self._set_titles_apart(lines[:start])
                    return found.header if found else row, used
        except csv.Error as error:
            self._check_header("".join(lines[start : start + reader.line_num]))
            unclosed = _END_IN_QUOTES in str(error)
            if unclosed and not last and sum(map(len, lines)) <= HEADER_LIMIT:
                return None, 0
            reason = UNCLOSED if unclosed else f"bad quoting: {error}"
            raise Refusal(f"line {self._line + used}: header: {reason}") from None
        return None, used

    def _unwrap(self, lines: list[str]) -> None:
        """Take the quotes off lines each of which is one quoted field."""
        lines[:] = map(unwrapped, lines)
        self._blocks = (
            ("".join(map(unwrapped, block.splitlines(True))), last)
            for block, last in self._blocks
        )

    def _set_titles_apart(self, lines: list[str]) -> None:
        for n, line in enumerate(lines):
            if line.strip(_NOTHING + self.delimiter):
                self.record += 1
                self.set_apart(TITLE, {"line": self._line + n}, line)

    def _check_header(self, raw: str) -> None:
        trouble, sign = texts.problem(raw, str(self.encoding)), of_bytes(raw)
        if trouble or sign:
            trouble = trouble or "no text"
            raise Refusal(f"line {self._line}: header: {trouble}{sign}")

    # -- records -------------------------------------------------------------

    def _batch(self, block: str, last: bool) -> Batch:
        if not (self._carried or block.strip("\r\n")):
            self._line += texts.line_breaks(block, 0, len(block))
            return Batch([], 0, [], 0)
        # the last line needs a look: the file may end inside it
        untroubled = not self._carried and not last and texts.is_clean(block)
        if self.table.separator and self.table.separator in block:
            untroubled = False
        if self._ends.is_holding or self._groups.have_heads or self._has_hollow(block):
            untroubled = False
        self._may_have_lost = "+" in block and ("E+" in block or "e+" in block)
        self._may_have_errors = "#" in block and bool(ERRORS.search(block))
        if untroubled and self._one_line_each:
            rows = self._split(block)
            if rows and self._is_plain(rows):
                return self._plain_batch(rows, len(block))
        lines = self._lines(block)
        if untroubled:
            rows = self._parse(lines)
            self._one_line_each = len(rows) == len(lines)
            if self._one_line_each and self._is_plain(rows):
                return self._plain_batch(rows, len(block))
        return self._careful_batch(lines, last)

    def _has_hollow(self, block: str) -> bool:
        """Whether a line may have a first value and no other."""
        if self.width < 3 or not self._keys_at:
            return False
        hollow = self._quoted_hollow if self._is_all_quoted else self._hollow
        if hollow not in block:
            return False
        return f"{hollow}\n" in block or f"{hollow}\r" in block

    def _split(self, block: str) -> list[list[str]] | None:
        """The rows of a block, if each line is a record: csv at half the cost.

        A line without quotes needs no csv. If the lines with quotes are as many
        records as lines, no quote is open at the end of any of them.
        """
        text = block.replace("\r\n", "\n") if "\r" in block else block
        if "\r" in text:
            return None
        lines = text.removesuffix("\n").split("\n")
        quote = self._quote
        if quote not in text:
            return [line.split(self.delimiter) for line in lines]
        quoted = [line for line in lines if quote in line]
        parsed = self._parse(quoted)
        if len(parsed) != len(quoted):
            return None
        rows = iter(parsed)
        return [
            next(rows) if quote in line else line.split(self.delimiter)
            for line in lines
        ]

    def _parse(self, lines: list[str]) -> list[list[str]]:
        """The records of some lines, up to the first error."""
        rows: list[list[str]] = []
        try:
            rows.extend(self._reader(lines, 0))
        except csv.Error:
            return []
        return rows

    def _reader(self, lines: list[str], start: int) -> "CsvReader":
        rest = map(lines.__getitem__, range(start, len(lines)))
        return csv.reader(
            rest, delimiter=self.delimiter, quotechar=self._quote, strict=True
        )

    def _is_plain(self, rows: list[list[str]]) -> bool:
        """Whether each row has all its fields and is, at first sight, a record."""
        if set(map(len, rows)) != {self.width}:
            return False
        if self.width == 1 and not all(map(itemgetter(0), rows)):
            return False
        if self._may_have_lost and any(map(self._lost, rows)):
            return False
        if not self._signs.isdisjoint([row[0][:SIGN] for row in rows]) and any(
            self._is_none(row) for row in rows if row[0][:SIGN] in self._signs
        ):
            return False
        if self._totals is None:
            return True
        if ENDS.isdisjoint([row[0][-SIGN:] for row in rows]):
            return True
        return not any(is_suspect(row[0]) for row in rows)

    def _is_none(self, row: list[str]) -> bool:
        """Whether a row is, at second sight, perhaps no record."""
        if row[0][:SIGN] in self._begins and self._is_header(row):
            return True
        first = _first(row)
        if not first:
            return self.width > 1
        if self._ends.is_odd(row) or has_word(row):
            return True
        return self._totals is not None and may_be_one(first)

    def _is_header(self, row: list[str]) -> bool:
        return row == self._header or is_header_again(row, self._normal)

    def _plain_batch(self, rows: list[list[str]], size: int) -> Batch:
        places = zip(count(self.record + 1), count(self._line))
        if self._may_have_errors:
            for line, row in enumerate(rows, self._line):
                self.note_errors(row, self._names, line)
        self.record += len(rows)
        self._line += len(rows)
        self._shown = rows[-_LAST:]
        if self._ends.is_learning:
            for row in rows[:SHOWN]:
                self._ends.learn(row)
        if self._groups:
            rows = list(map(self._groups.fill, rows))
        arranged = map(self._arrange, rows) if self._arrange else rows
        return Batch(map(iadd, arranged, places), len(rows), [], 0, size)

    def _whole(self, row: list[str]) -> list[str]:
        record = dumps(dict(zip(self._keys, row, strict=True)))
        return [str(self.table.register), record]

    def _with_extras(self, row: list[str]) -> list[str]:
        extra = dict(zip(self._extras, self._pick_extras(row), strict=True))
        return [*self._pick(row), dumps(extra)]

    def _careful_batch(self, lines: list[str], last: bool) -> Batch:
        """Record by record, with an eye on lines, encoding and separators."""
        self._rows: list[list[Any]] = []
        self._rejects: list[Reject] = []
        self._separators = 0
        self._is_unfinished = False
        self._may_have_errors = any(
            "#" in each and ERRORS.search(each) for each in lines
        )
        start, is_done = 0, False
        while not is_done:
            start, astray = self._records(lines, start, last)
            is_done = astray is None
            if astray == LITERAL:
                row = self._literal(lines, start) or []
                self._take(row, lines, start, start + 1, False)
                start += 1
            elif astray:
                is_cut = astray == CUT_QUOTE
                end = len(lines) if is_cut else start + 1
                self.record += 1
                self._reject(lines, start, end, astray)
                self.cut_reason = CUT_QUOTE if is_cut else self.cut_reason
                start = end
        if last and not self._is_unfinished:
            self._release(FOOTER)
        self._carried = lines[start:]
        self._line += start
        size = _span(lines, 0, start)
        return Batch(self._rows, len(self._rows), self._rejects, self._separators, size)

    def _records(
        self, lines: list[str], start: int, last: bool
    ) -> tuple[int, str | None]:
        """Take records until one has gone astray, or there are enough of them.

        Returns the line at which to go on, and what is wrong with it.
        """
        origin, size = start, len(lines)
        reader = self._reader(lines, start)
        try:
            for row in reader:
                end = origin + reader.line_num
                if end - start > 1 and self._literal(lines, start):
                    return start, LITERAL
                if astray := self._astray(row, lines, start, end):
                    return start, astray
                self._take(row, lines, start, end, last and _is_over(lines, end))
                start = end
                if len(self._rows) + len(self._rejects) >= ENOUGH and start < size:
                    self._is_unfinished = True
                    return start, None
        except csv.Error as error:
            if self._literal(lines, start):
                return start, LITERAL
            return start, self._explain(str(error), lines, start, last)
        return start, None

    def _literal(self, lines: list[str], start: int) -> list[str] | None:
        """The values of a line between tabs whose quotes are no more than quotes.

        Programs that write tabs often quote nothing. So it is one if it has all its
        fields, and so has the line below it.
        """
        if self.delimiter != "\t" or self._is_quoted:
            return None
        if not all(map(self._is_alike, lines[start : start + 2])):
            return None
        return lines[start].rstrip("\r\n").split("\t")

    def _take(
        self, row: list[str], lines: list[str], start: int, end: int, last: bool
    ) -> None:
        """Land, reject, hold back or set apart what some lines are."""
        raw = "".join(lines[start:end])
        is_gap = is_blank(row)
        is_held = not is_gap and self._is_held(row, raw, last)
        if is_held:
            self._ends.hold(self._padded(row), _Held(row, raw, self._line + start))
            return
        is_learned = False
        if self._ends.is_holding and not is_gap:
            is_end = self._no_record(row, self._line + start, False) == FOOTER
            if is_learned := not is_end and len(row) == self.width:
                self._ends.learn(row)  # it shows what was held back
            self._release(FOOTER if is_end else GROUP)
        kind = self._kind(row, lines, start, end, last)
        self._is_below = not raw.strip() or (self._is_below and kind == "separator")
        self.record += kind is not None
        if kind == "separator":
            self._separators += 1
        elif kind == "record":
            if not is_learned:
                self._ends.learn(row)
            self._land(row, self._line + start)

    def _land(self, row: list[str], line: int) -> None:
        if self._may_have_errors:
            self.note_errors(row, self._names, line)
        if self._groups:
            row = self._groups.fill(row)
        row = self._arrange(row) if self._arrange else row
        self._rows.append([*row, self.record, line])

    def _is_held(self, row: list[str], raw: str, last: bool) -> bool:
        """Whether a line is one text alone, which may be no record."""
        if not row or len(row) not in (1, self.width):
            return False
        if len(row) == 1 and not self._is_below and " " not in row[0].strip():
            return False
        if not "".join(row).strip(_NOTHING):
            return False
        is_cut = last and not raw.endswith(("\n", "\r"))
        if is_cut and not (self._ends.is_holding or self._is_below):
            return False
        # what has all its fields may be a record: it needs a reason to be none, such
        # as an empty line above it
        is_apart = self._ends.is_holding or self._is_below
        if len(row) > 1 and not is_apart and not self._is_no_record(row):
            return False
        is_odd = self._ends.is_odd(self._padded(row))
        if len(row) == 1 and self._is_below and not self._keys_at:
            is_odd = self._totals is not None and self.width > 2
        return is_odd and not self._no_record(row, 0, False)

    def _is_no_record(self, row: list[str]) -> bool:
        """Whether a row of one text has it where no record has one.

        In a column without a header, or of names of groups. An identifier alone is
        a record, whatever it looks like: a line of a file has all its fields, and a
        row of a workbook which is a title has none.
        """
        filled = [at for at, cell in enumerate(row) if cell.strip()]
        is_untitled = not any(self._header[at].strip() for at in filled)
        return is_untitled or self._groups.is_head(row)

    def _release(self, kind: str) -> None:
        """Say what the lines held back are: of `kind`, or records after all."""
        for held, is_record in self._ends.released():
            self.record += 1
            if len(held.row) == self.width and is_record:
                self._land(held.row, held.line)
            elif len(held.row) == self.width or kind == FOOTER:
                self._separators += 1
                self.set_apart(kind, {"line": held.line}, held.raw)
                if kind == GROUP and len(held.row) == self.width:
                    self._groups.begin(held.row)
            else:
                raw = cut(texts.printable(held.raw.rstrip("\r\n")))
                reason = self._counted(held.row)
                reject = Reject(self.record, held.line, held.line, reason, raw)
                self._rejects.append(reject)

    def _lost(self, row: list[str]) -> str | None:
        """Why the key of a row is none: a spreadsheet has taken digits from it."""
        for at in self._keys_at:
            if reason := lost_digits(row[at], self._header[at]):
                return reason
        return None

    def _astray(
        self, row: list[str], lines: list[str], start: int, end: int
    ) -> str | None:
        """Why a record that spans lines is more likely a quote gone astray."""
        if end - start == 1:
            return None
        if row and len(row) != self.width:
            first, last = self._line + start, self._line + end - 1
            return f"{self._counted(row)} in lines {first} to {last}: a quote astray?"
        inner = end - start - 2
        if self.width < 3 or inner < INNER:
            return None
        shape = _shape(lines[start], self.delimiter)
        if "0" in shape:
            alike = sum(
                self._is_alike(line) and _shape(line, self.delimiter) == shape
                for line in lines[start + 1 : end - 1]
            )
            if alike > 0.9 * inner:
                return f"holds {alike:,} lines that are records: a quote astray?"
        return None

    def _is_alike(self, line: str) -> bool:
        """Whether a line looks like a record of the file."""
        return line.count(self.delimiter) == self.width - 1

    def _kind(
        self, row: list[str], lines: list[str], start: int, end: int, last: bool
    ) -> str | None:
        """`record`, `separator`, `reject` (noted), or None for a blank line."""
        if not row or (len(row) == 1 < self.width and not row[0].strip(_NOTHING)):
            return None
        separator = self.table.separator
        if separator and all(field.strip() == separator for field in row):
            return "separator"
        raw = "".join(lines[start:end])
        if kind := self._no_record(row, self._line + start, last):
            line = self._line + start
            totals = self._totals if kind == TOTALS else None
            self.set_apart(kind, {"line": line}, raw, totals, self._padded(row), line)
            if kind == GROUP:
                self._groups.begin(self._padded(row))
            return "separator"
        reason = self._lost(row) if len(row) == self.width else self._counted(row)
        reason = texts.problem(raw, str(self.encoding)) or reason
        if last and not raw.endswith(("\n", "\r")):
            reason = self._cut_within(row, raw) or reason
        self._tail.append(row[-1])
        if reason is None:
            return "record"
        self._reject(lines, start, end, reason, self.record + 1)
        return "reject"

    def _no_record(self, row: list[str], line: int, last: bool) -> str | None:
        """What a row is that is no record."""
        if len(row) > 1 and not row[0].strip(WHITE) and is_blank(row):
            return BLANK
        if row[0][:SIGN] in self._begins and self._is_header(row):
            return "repeated header"
        if self._totals is None:
            return None
        if not (last or is_suspect(_first(row)) or has_word(row)):
            return None
        if len(row) < self.width:
            row = self._padded(row)
        return self._totals.kind(row, line, last) if len(row) == self.width else None

    def _padded(self, row: list[str]) -> list[str]:
        """A line of text without delimiters, or with some by chance, as one cell."""
        if len(row) == 1 or is_footer(text := self.delimiter.join(row)):
            return [row[0] if len(row) == 1 else text] + [""] * (self.width - 1)
        return row

    def _cut_within(self, row: list[str], raw: str) -> str | None:
        """Why the last line, which does not end, is only a part of one."""
        is_prose = len(row) == 1 and (" " in raw.strip() or self._quote in raw)
        if self._content.is_cut or (len(row) < self.width and not is_prose):
            self.cut_reason = CUT_RECORD
        elif len(row) != self.width or self._text.is_marked:
            return None
        elif is_fragment(row[-1], [*self._last_values(), *self._tail]):
            self.cut_reason = f"{CUT_RECORD} (its last value is {row[-1]!r})"
        elif (
            self._is_all_quoted
            and raw.startswith(self._quote)
            and raw.endswith(self.delimiter)
        ):
            self.cut_reason = CUT_RECORD
        elif is_round(self._text.size):
            self.cut_reason = self.cut_reason or PERHAPS.format(self._text.size)
            return None
        else:
            return None
        return self.cut_reason

    def _last_values(self) -> Iterator[str]:
        return (row[self.width - 1] for row in self._shown)

    def _above(self, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """The records of the file once more, each with its line."""
        if self._content.again is None:
            raise OSError
        with self._content.again() as again:
            text = io.TextIOWrapper(
                again.stream, str(self.encoding), errors="replace", newline=""
            )
            rows = csv.reader(text, delimiter=self.delimiter, quotechar=self._quote)
            line = 1
            for row in rows:
                if len(row) == self.width and not self._is_between(row):
                    yield line, row
                line = rows.line_num + 1

    def _is_between(self, row: list[str]) -> bool:
        """Whether a row of full width is a header once more, or separates."""
        separator = self.table.separator
        if separator and all(cell.strip() == separator for cell in row):
            return True
        return row[0][:SIGN] in self._begins and self._is_header(row)

    def _counted(self, row: list[str]) -> str:
        return f"expected {self.width} fields, found {len(row)}"

    def _explain(
        self, error: str, lines: list[str], start: int, last: bool
    ) -> str | None:
        """Why a record has no end; None if it may have one further on."""
        if _END_IN_QUOTES not in error:
            return f"bad quoting: {error}"
        if last:
            rest = lines[start + 1 :]
            alike = sum(map(self._is_alike, rest)) if self.width > 1 else 0
            return UNCLOSED if alike and 2 * alike >= len(rest) else CUT_QUOTE
        span = _span(lines, start)
        if span > self._limit:
            return f"{UNCLOSED} within {self._limit:,} characters ({_RECORD_LIMIT})"
        if len(lines) - start > LINE_LIMIT:
            return f"{UNCLOSED} within {LINE_LIMIT:,} lines"
        self._patience = min(span, self._limit - span + 1)
        return None

    def _reject(
        self, lines: list[str], start: int, end: int, reason: str, record: int = 0
    ) -> None:
        raw = texts.printable("".join(lines[start:end]).rstrip("\r\n"))
        first, last = self._line + start, self._line + end - 1
        record = record or self.record
        self._rejects.append(Reject(record, first, last, reason, cut(raw)))


def _candidates(declared: str | None, kind: str) -> tuple[str, ...]:
    """The delimiters that a file may have, the likeliest first."""
    if declared:
        return (declared,)
    likely = "\t" if kind == "tsv" else ","
    return (likely, *(other for other in DELIMITERS if other != likely))


def _shape(line: str, delimiter: str) -> str:
    """What the first values of records have in common: `K06-A1` is `a0-a0`."""
    first = line.partition(delimiter)[0].strip(' "')[:100]
    return _WORDS.sub("a", _DIGITS.sub("0", first))


def _is_over(lines: list[str], at: int) -> bool:
    """Whether nothing but a few blank lines follows."""
    return len(lines) - at < INNER and not "".join(lines[at:]).strip()


def _first(row: list[str]) -> str:
    """The first value that is no blank, or nothing."""
    return next((cell for cell in row if cell.strip(WHITE)), "")


def _repeated(positions: list[int]) -> Callable[[list[str]], list[str]] | None:
    """What gives a field that two columns are read from twice; None without one."""
    if len(set(positions)) == len(positions):
        return None
    pick = _picker(sorted(positions))
    return lambda row: list(pick(row))


def _picker(positions: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(positions) == 1:
        return lambda row: (row[positions[0]],)
    return itemgetter(*positions)


def _span(lines: list[str], start: int, end: int | None = None) -> int:
    return sum(map(len, lines[start:end]))
