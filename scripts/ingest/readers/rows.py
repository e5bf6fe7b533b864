"""Tables out of rows of cells, as sheets and pages of HTML have them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..errors import Refusal
from ..headers import match, normal
from ..limits import limit
from ..sources import Table
from .base import EMPTY, Batch, Reader, Reject, cut, dumps
from .cells import Lost
from .ends import Tail, lost_digits
from .groups import Groups, groups_of
from .labels import has_word, is_blank, is_suspect
from .layout import LOOKED, TITLE, are_names, header_of, is_header_again, known_of
from .text import is_clean, printable, problem
from .totals import BLANK, FOOTER, GROUP, TOTALS, Totals

BATCH = 1_000
COLUMN_LIMIT = "WAREHOUSE_COLUMN_LIMIT"
HEADER_AGAIN = "repeated header"
OTHER_TABLE = "another table below"
BESIDE = "cell without a header"


class Row(NamedTuple):
    """A row of a sheet."""

    line: int
    """Its number, from 1."""
    cells: list[str | None]


class RowsReader(Reader):
    """Reads what rows hold: titles, a header, records, and what is none.

    `open_rows` gives the rows from the first one on, each time it is called.
    """

    def __init__(self, table: Table, open_rows: Callable[[], Iterator[Row]]) -> None:
        super().__init__(table)
        self._open_rows = open_rows
        self._rows = open_rows()
        first = list(islice(self._rows, LOOKED))
        self._score = known_of(table)
        at = header_of([row.cells for row in first], self._score)
        if at is None:
            raise Refusal(EMPTY)
        self._line, header = first[at[0]].line, at[2]
        self._totals: Totals | None = None
        self._groups = Groups(())
        self._start()
        for row in first[: at[0]]:
            if not is_blank(row.cells):
                self._set_apart(TITLE, row)
        self._waiting = first[at[0] + 1 :]
        while header and not header[-1].strip():
            header.pop()
        if trouble := problem("".join(header), "utf-8"):
            raise Refusal(f"line {self._line}: header: {trouble}")
        self._take_header(header)

    def _take_header(self, header: list[str]) -> None:
        self.width = len(header)
        if self.width > limit(COLUMN_LIMIT):
            most = f"{limit(COLUMN_LIMIT):,} ({COLUMN_LIMIT})"
            raise Refusal(f"{self.width:,} columns, more than {most}")
        self._header = [normal(title) for title in header]
        self._names = header
        if self.table.register:
            self._keys = self.keep_whole(header)
            self.columns = ["register", "record"]
            self._tail: Tail[Row] = Tail(self.width, None)
            self._damaged: dict[int, str] = {}
            return
        found = match(header, self.table.columns)
        self.learn(found)
        self.check_columns(header)
        self._totals = Totals(header, found.columns, self.table, self._above)
        self._groups = groups_of(header, self._totals.keys, lambda: self._above(header))
        self.columns = sorted(found.columns, key=found.columns.__getitem__)
        ids = {c.name for c in self.table.columns if c.is_identifier}
        self._positions = [(found.columns[name], name in ids) for name in self.columns]
        self._names = found.names(header)
        self._extras = tuple(found.extras.items())
        if self._extras:
            self.columns.append("_extra")
        required = {c.name for c in self.table.columns if c.required}
        keys = {at for name, at in found.columns.items() if name in required}
        self._tail = Tail(self.width, keys)
        self._damaged = {at: header[at] for at in keys}

    def batches(self) -> Iterator[Batch]:
        """The records, in the order of the sheet."""
        last = self._line
        is_over = False
        title: Row | None = None
        for row in self._all():
            is_gap, last = row.line > last + 1, row.line
            if is_over or (is_gap and self._is_other_table(row)):
                is_over = True
                self._set_apart(OTHER_TABLE, row)
            elif is_gap and title is None and self._may_be_title(row):
                title = row
                continue
            else:
                self._take_below(title, row)
                title = None
            if len(self._out) + len(self._rejects) >= BATCH:
                yield self._batch()
        if title:
            self._take(title)
        self._release(FOOTER)
        yield self._batch()

    def _all(self) -> Iterator[Row]:
        yield from self._waiting
        yield from self._rows

    def _start(self) -> None:
        self._out: list[list[Any]] = []
        self._rejects: list[Reject] = []
        self._separators = self._size = 0

    def _batch(self) -> Batch:
        found = Batch(
            self._out, len(self._out), self._rejects, self._separators, self._size
        )
        self._start()
        return found

    def _take(self, row: Row) -> None:
        cells = row.cells
        if len(cells) > self.width:
            within = self._within(row)
            if within is None:
                return
            cells = within
        row = Row(row.line, cells + [None] * (self.width - len(cells)))
        if kind := self._no_record(row):
            if kind != BLANK:
                self._set_apart(kind, row)
            return
        if self._tail.is_odd(row.cells):
            self._tail.hold(row.cells, row)
            return
        self._tail.learn(row.cells)
        self._release(GROUP)
        self._add(row)

    def _may_be_title(self, row: Row) -> bool:
        """Whether a row below an empty one has a text in its first cell alone."""
        first, *others = row.cells or [None]
        return bool(first and first.strip()) and is_blank(others)

    def _take_below(self, title: Row | None, row: Row) -> None:
        """A row, and before it the one that is its title if it is a header."""
        if title and self._is_header([cell or "" for cell in row.cells]):
            self._set_apart(TITLE, title)
        elif title:
            self._take(title)
        self._take(row)

    def _release(self, kind: str) -> None:
        for held, is_record in self._tail.released():
            if is_record:
                self._add(held)
            else:
                self._set_apart(kind, held)

    def _within(self, row: Row) -> list[str | None] | None:
        """The cells below the header; what is beside it is set apart."""
        cells, beside = row.cells[: self.width], row.cells[self.width :]
        if not is_blank(beside):
            is_alone = is_blank(cells)
            self._put_apart(BESIDE, Row(row.line, beside), is_counted=is_alone)
            if is_alone:
                return None
        return cells

    def _no_record(self, row: Row) -> str | None:
        start = row.cells[0]
        is_plain = self._totals is None or not is_suspect(start)
        if is_plain and start and start.strip() and normal(start) != self._header[0]:
            return None  # as most rows
        cells = [cell or "" for cell in row.cells]
        if is_blank(cells):
            return BLANK
        if self._is_header(cells):
            return HEADER_AGAIN
        first = next(cell for cell in cells if cell.strip())
        if self._totals and (is_suspect(first) or has_word(cells)):
            return self._totals.kind(cells, row.line)
        return None

    def _is_header(self, cells: list[str]) -> bool:
        return is_header_again(cells, self._header)

    def _is_other_table(self, row: Row) -> bool:
        """Whether another header begins here, below an empty row."""
        cells = [cell or "" for cell in row.cells]
        if self._is_header(cells) or self._tail.fits(cells):
            return False
        return len(list(filter(str.strip, cells))) > 1 and are_names(cells)

    def _add(self, row: Row) -> None:
        self.record += 1
        cells = self._groups.fill(row.cells) if self._groups else row.cells
        for at, title in self._damaged.items():
            if reason := lost_digits(cells[at], title):
                self._reject(row, reason)
                return
        together = "".join(filter(None, cells))
        if "\0" in together or not is_clean(together):
            reason = next(filter(None, (problem(c, "utf-8") for c in cells if c)))
            self._reject(row, reason)
            return
        self._size += len(together)
        if "#" in together:
            self.note_errors(cells, self._names, row.line)
        if self.table.register:
            record = dumps(dict(zip(self._keys, map(_or_empty, cells), strict=True)))
            values: list[str | None] = [self.table.register, record]
        else:
            values = [
                cell.rounded
                if is_id and isinstance(cell := cells[at], Lost)
                else cells[at]
                for at, is_id in self._positions
            ]
            if self._extras:
                values.append(dumps({name: cells[at] for name, at in self._extras}))
        self._out.append([*values, self.record, row.line])

    def _reject(self, row: Row, reason: str) -> None:
        raw = cut(printable(_shown(row)))
        self._rejects.append(Reject(self.record, row.line, row.line, reason, raw))

    def _set_apart(self, kind: str, row: Row) -> None:
        self._put_apart(kind, row, is_counted=True)
        if kind == GROUP:
            self._groups.begin(row.cells)

    def _put_apart(self, kind: str, row: Row, is_counted: bool = False) -> None:
        if is_counted:
            self.record += 1
            self._separators += 1
        totals = self._totals if kind == TOTALS else None
        cells = [cell or "" for cell in row.cells]
        place = {"line": row.line}
        self.set_apart(kind, place, _shown(row), totals, cells, row.line)

    def _above(self, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """The records of the sheet once more, each with its number."""
        for row in self._open_rows():
            if row.line > self._line and not is_blank(row.cells[: self.width]):
                cells = row.cells[: self.width]
                cells += [None] * (self.width - len(cells))
                yield row.line, [cell or "" for cell in cells]


def _shown(row: Row) -> str:
    return dumps([cell for cell in row.cells if cell])


def _or_empty(cell: str | None) -> str:
    return cell or ""
