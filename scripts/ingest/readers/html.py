"""Tables of HTML, as reports named .xls often are."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import chain, islice

from ..errors import Refusal
from ..files import Content
from ..limits import limit
from ..sources import Table
from . import text as texts
from .layout import LOOKED, Score, header_of
from .peek import Head
from .rows import Row, RowsReader

CUT_TAG = "the page ends within a tag"
CUT_TABLE = "the table is not closed"
RECORD_LIMIT = "WAREHOUSE_RECORD_LIMIT"
ROW_LIMIT = "WAREHOUSE_ROW_LIMIT"
WIDEST = 16_384
_BLANKS = re.compile(r"[ \t\r\n\f]+")


class _Parser(HTMLParser):
    """Collects the rows of tables; a wide cell is followed by empty ones."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str | None]] = []
        self._row: list[str | None] | None = None
        self._cell: list[str] | None = None
        self._hidden = 0
        self._width = 1
        self._open_tables = 0
        self._is_page = self._ends_rows = self._ends_in_row = False
        self._pending: list[str] = []
        self._size = 0

    @property
    def cut_reason(self) -> str | None:
        """What is missing, if the page ends too early."""
        if self.rawdata.startswith("<"):
            return CUT_TAG
        is_open = self._open_tables and (self._is_page or self._ends_in_row)
        return CUT_TABLE if is_open else None

    def take(self, text: str) -> None:
        """Feed the parser, in time that grows as the text does.

        It looks at a tag that is not closed anew with each piece: pieces grow with it.
        """
        self._pending.append(text)
        self._size += len(text)
        if self._size < len(self.rawdata):
            return
        if len(self.rawdata) > limit(RECORD_LIMIT):
            most = f"{limit(RECORD_LIMIT):,} characters ({RECORD_LIMIT})"
            raise Refusal(f"a tag is longer than {most}")
        self._feed()

    def end(self) -> None:
        """Take what is left; a tag that is not closed is no text."""
        self._feed()
        if not self.rawdata.startswith("<"):
            self.close()
        self._ends_in_row = self._ends_rows and self._row is not None
        self.handle_endtag("tr")

    def _feed(self) -> None:
        text, self._pending, self._size = "".join(self._pending), [], 0
        try:
            self.feed(text)
        except AssertionError as error:  # so the parser takes odd declarations
            raise Refusal(f"it is HTML that is damaged: {error}") from None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag in ("script", "style", "head"):
            self._hidden += 1
        elif tag == "html":
            self._is_page = True
        elif tag == "table":
            self._open_tables += 1
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            self._row = [] if self._row is None else self._row
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._width = min(int(span), WIDEST) if span.isdecimal() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a row, a cell or a table."""
        if tag in ("script", "style", "head"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._ends_rows |= tag == "tr"
            self._end_row()
            if tag == "table":
                self._open_tables = max(0, self._open_tables - 1)
                self.rows.append([])

    def handle_data(self, data: str) -> None:
        """Take text of a cell."""
        if self._cell is not None and not self._hidden:
            self._cell.append(_BLANKS.sub(" ", data))

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "\n".join(map(str.strip, "".join(self._cell).split("\n"))).strip("\n ")
        self._row += [text.strip("\u00a0") or None] + [None] * (self._width - 1)
        self._cell = None
        if len(self._row) > WIDEST:
            raise Refusal(f"a row of more than {WIDEST:,} cells")

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self.rows.append(self._row)
        self._row = None


def rows_of(text: texts.Text, cut: Callable[[str | None], object]) -> Iterator[Row]:
    """The rows of all tables, numbered; an empty one stands between two tables.

    At the end `cut` is given what is missing of the page, if anything is.
    """
    parser, number, most = _Parser(), 0, limit(ROW_LIMIT)
    for chunk in chain(text.chunks(), [None]):
        if chunk is None:
            parser.end()
            cut(parser.cut_reason)
        else:
            parser.take(chunk)
        for cells in parser.rows:
            number += 1
            if number > most:
                raise Refusal(f"more than {most:,} rows ({ROW_LIMIT})")
            if any(cells):
                yield Row(number, cells)
        parser.rows = []


def heads(content: Content, score: Score | None) -> list[Head]:
    """The header of the table, or of the first of them."""
    text = text_of(content)
    rows = list(islice(rows_of(text, id), LOOKED))
    at = header_of([row.cells for row in rows], score)
    if at is None:
        raise Refusal("it is HTML or XML without a table: save it as CSV (UTF-8)")
    line, headers = rows[at[0]].line, tuple(at[2])
    return [Head("html", headers, line, encoding=text.encoding)]


def text_of(content: Content) -> texts.Text:
    """The text, in the encoding that it or its bytes name."""
    return texts.Text(content, "utf-8", may_be_western=True)


class HtmlReader(RowsReader):
    """Reads the tables of a page as one."""

    format = "html"

    def __init__(self, content: Content, table: Table) -> None:
        self._content = content
        text = text_of(content)
        self._first: Iterator[Row] | None = rows_of(text, self._cut)
        super().__init__(table, self._open)
        self.encoding = text.encoding
        if text.is_guessed:
            self.notes.append(f"no UTF-8: read as {self.encoding}")

    def _cut(self, reason: str | None) -> None:
        self.cut_reason = reason

    def _open(self) -> Iterator[Row]:
        if self._first:
            first, self._first = self._first, None
            yield from first
        elif self._content.again:
            with self._content.again() as content:
                yield from rows_of(text_of(content), id)
