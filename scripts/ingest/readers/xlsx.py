"""Workbooks (.xlsx, .xlsm): sheets row by row, values as text.

Numbers land as written in the file, dates in ISO form. What a sheet says of its own
size is not believed.
"""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from itertools import islice
from typing import NamedTuple
from xml.etree.ElementTree import Element

from ..errors import Refusal
from ..files import Content, archive_of, sought
from ..limits import limit
from ..sources import Table
from .base import APART_LIMIT, CELL_ERROR, Batch
from .cells import PLAIN, kind_of, number_text
from .layout import LOOKED, Score, header_of
from .markup import bare, grown, whole
from .peek import Head
from .rows import Row, RowsReader

ROW_LIMIT = "WAREHOUSE_ROW_LIMIT"
WIDEST = 16_384
"""Columns of a sheet."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WORKBOOK = "xl/workbook.xml"


class Sheet(NamedTuple):
    """A sheet of a workbook."""

    name: str
    info: zipfile.ZipInfo
    is_hidden: bool


class Workbook:
    """An open workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {info.filename.lower(): info for info in archive.infolist()}
        self.is_1904 = False
        self.sheets: list[Sheet] = []
        self.counts: Counter[str] = Counter()
        """What was met in cells: errors, formulas without a value."""
        self.places: dict[str, str] = {}
        self.faults: list[tuple[str, int, int, str]] = []
        """Rule, row, column and value of cells that are read as empty."""
        self._row = self._noted = 0  # rows may be read more than once
        self._targets: dict[str, tuple[str, str]] = {}
        self._read_workbook()
        self._kinds = self._read_styles()
        self._strings: list[str] | None = None

    # -- parts ---------------------------------------------------------------

    def _part(self, name: str) -> zipfile.ZipInfo | None:
        return self._infos.get(name.lower())

    def _read_workbook(self) -> None:
        info = self._part(_WORKBOOK)
        if info is None:
            raise Refusal("the workbook is corrupt: it has no list of sheets")
        links = self._part("xl/_rels/workbook.xml.rels")
        if links:
            for link in whole(self._archive, links):
                target = link.get("Target", "")
                path = target[1:] if target.startswith("/") else f"xl/{target}"
                kind = link.get("Type", "").rpartition("/")[2]
                self._targets[link.get("Id", "")] = kind, path
        for found in whole(self._archive, info).iter():
            name = bare(found.tag)
            if name == "workbookPr":
                self.is_1904 = found.get("date1904") in ("1", "true")
            elif name == "sheet":
                self._add_sheet(found)

    def _add_sheet(self, found: Element) -> None:
        ids = (value for key, value in found.items() if bare(key) == "id")
        kind, path = self._targets.get(next(ids, ""), ("worksheet", ""))
        number = len(self.sheets) + 1
        info = self._part(path) or self._part(f"xl/worksheets/sheet{number}.xml")
        if kind == "worksheet" and info:
            is_hidden = found.get("state", "visible") != "visible"
            name, names = found.get("name", ""), {sheet.name for sheet in self.sheets}
            twin = 2
            while name in names:  # other programs than spreadsheets may write so
                name, twin = f"{found.get('name', '')}#{twin}", twin + 1
            self.sheets.append(Sheet(name, info, is_hidden))

    def _of_kind(self, kind: str, usual: str) -> zipfile.ZipInfo | None:
        paths = [path for of, path in self._targets.values() if of == kind]
        return self._part(paths[0] if paths else usual) or self._part(usual)

    def _read_styles(self) -> list[str]:
        info = self._of_kind("styles", "xl/styles.xml")
        if info is None:
            return [PLAIN]
        codes: dict[int, str] = {}
        numbers: list[int] = []
        for part in whole(self._archive, info):
            if bare(part.tag) == "numFmts":
                for found in part:
                    number = _whole(found.get("numFmtId"))
                    codes[number] = found.get("formatCode", "")
            elif bare(part.tag) == "cellXfs":
                numbers = [_whole(found.get("numFmtId")) for found in part]
        return [kind_of(number, codes.get(number)) for number in numbers] or [PLAIN]

    @property
    def strings(self) -> list[str]:
        """The texts that cells share."""
        if self._strings is None:
            strings: list[str] = []
            self._strings = strings
            info = self._of_kind("sharedStrings", "xl/sharedStrings.xml")
            if info:
                for root in grown(self._archive, info):
                    _take(root, strings)
                _take(root, strings, is_all=True)
        return self._strings

    # -- rows ------------------------------------------------------------------

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet that hold anything, each with its number."""
        number, body, root = 0, None, None
        most = limit(ROW_LIMIT)
        for root in grown(self._archive, sheet.info):
            body = next((e for e in root if bare(e.tag) == "sheetData"), None)
            if body is not None and len(body) > 1:
                for element in body[:-1]:
                    number = _number_of(element, number, most)
                    if len(element) and any(cells := self._cells(element, number)):
                        yield Row(number, cells)
                del body[:-1]
        for element in body if body is not None else ():
            number = _number_of(element, number, most)
            if any(cells := self._cells(element, number)):
                yield Row(number, cells)

    def _cells(self, row: Element, number: int) -> list[str | None]:
        cells: list[str | None] = []
        add = cells.append
        self._noted = max(self._noted, self._row)
        self._row = number
        digits = len(str(number))
        for cell in row:
            reference = cell.get("r")
            if reference:
                at = _column(reference[:-digits])
                if at < len(cells):
                    raise Refusal(f"the workbook is corrupt: cell {reference}")
                while len(cells) < at:
                    add(None)
            kind = cell.get("t")
            if kind == "s":
                text = cell[-1].text if len(cell) else None
                add(self._shared(text) if text else None)
            elif kind is None or kind == "n":
                add(self._number(cell, reference) if len(cell) else None)
            elif kind == "inlineStr":
                add(_text(cell[0]) if len(cell) == 1 else "".join(map(_text, cell)))
            else:
                add(self._other(cell, kind, reference))
        return cells

    def _number(self, cell: Element, reference: str | None) -> str | None:
        text = cell[0].text
        if not text or len(cell) > 1 or cell[0].tag[-1] != "v":
            text = self._value(cell, reference)
            if text is None:
                return None
        style = cell.get("s")
        if style is None and len(text) < 16 and text.isascii() and text.isdigit():
            return text
        at = _whole(style)
        kind = self._kinds[at] if at < len(self._kinds) else PLAIN
        return number_text(text, kind, self.is_1904)

    def _value(self, cell: Element, reference: str | None) -> str | None:
        """What a formula gave, or a number holds."""
        values = [part.text for part in cell if bare(part.tag) == "v"]
        if values and values[0]:
            return values[0]
        if any(bare(part.tag) == "f" for part in cell):
            self._note("formulas without a value", reference, "formula_without_value")
        return None

    def _shared(self, text: str) -> str:
        try:
            return self.strings[_whole(text)]
        except IndexError:
            raise Refusal("the workbook is corrupt: a text is missing") from None

    def _other(self, cell: Element, kind: str, reference: str | None) -> str | None:
        text = self._value(cell, reference)
        if kind == "b":
            return {"1": "true", "0": "false"}.get(text or "", text)
        if kind == "e":
            self._note(f"cells with errors ({text})", reference, CELL_ERROR, text or "")
            return None
        if kind == "d" and text:
            return text.removesuffix("T00:00:00")
        return text

    def _note(
        self, what: str, reference: str | None, rule: str, value: str = ""
    ) -> None:
        if self._row <= self._noted:
            return
        self.counts[what] += 1
        self.places.setdefault(what, reference or "")
        if self.counts[what] <= APART_LIMIT and reference:
            at = _column(reference.rstrip("0123456789"))
            self.faults.append((rule, self._row, at, value))


def _whole(text: str | None) -> int:
    """A count or position that a part of the workbook gives, 0 if it gives none."""
    text = (text or "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refusal(f"the workbook is corrupt: {text[:20]} is no number")
    return int(text)


def _number_of(row: Element, before: int, most: int) -> int:
    """The number of a row, which follows the one before unless it says otherwise."""
    number = _whole(row.get("r") or str(before + 1))
    if number > most:
        raise Refusal(f"more than {most:,} rows ({ROW_LIMIT})")
    return number


@cache
def _column(letters: str) -> int:
    """The position of a column, `A` being 0."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise Refusal(f"the workbook is corrupt: column {letters}")
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= WIDEST:
        raise Refusal(f"the workbook is corrupt: column {letters}")
    return number - 1


def _text(element: Element) -> str:
    """The text of a string, without what says how to pronounce it."""
    if len(element) == 1 and element[0].tag[-1] == "t":
        text = element[0].text or ""
        return _unescaped(text) if "_x" in text else text
    parts = []
    for part in element:
        name = bare(part.tag)
        if name == "t":
            parts.append(part.text or "")
        elif name == "r":
            parts += [t.text or "" for t in part if bare(t.tag) == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """A text in which `_x000D_` is the character that it stands for."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # halves of one character, escaped one by one
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def heads(archive: zipfile.ZipFile, score: Score | None) -> list[Head]:
    """The header of each visible sheet that holds anything."""
    book = Workbook(archive)
    found = []
    for sheet in book.sheets:
        rows = [] if sheet.is_hidden else list(islice(book.rows(sheet), LOOKED))
        at = header_of([row.cells for row in rows], score)
        if at is not None:
            line, headers = rows[at[0]].line, tuple(at[2])
            found.append(Head("xlsx", headers, line, sheet=sheet.name))
    if not found:
        raise Refusal("the workbook has no visible sheet that holds anything")
    return found


def _take(root: Element, strings: list[str], is_all: bool = False) -> None:
    """Take over the texts that have been read whole."""
    ready = len(root) if is_all else len(root) - 1
    if ready > 0:
        strings += map(_text, root[:ready])
        del root[:ready]


class XlsxReader(RowsReader):
    """Reads one sheet of a workbook."""

    format = "xlsx"

    def __init__(self, content: Content, table: Table, sheet: str | None) -> None:
        self._files = ExitStack()
        file = self._files.enter_context(sought(content.stream))
        archive = self._files.enter_context(archive_of(file))
        self._book = Workbook(archive)
        self._sheet = self._chosen(sheet)
        super().__init__(table, self._open)

    def _chosen(self, name: str | None) -> Sheet:
        for sheet in self._book.sheets:
            if sheet.name == name or (name is None and not sheet.is_hidden):
                return sheet
        raise Refusal(f"the workbook has no sheet {name}")

    def _open(self) -> Iterator[Row]:
        try:
            yield from self._book.rows(self._sheet)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Refusal(f"the workbook is corrupt: {error}") from None

    def batches(self) -> Iterator[Batch]:
        """The records; then what was met in cells is noted."""
        yield from super().batches()
        for what, count in self._book.counts.items():
            place = self._book.places[what]
            self.notes.append(f"{count:,} {what}, read as empty; the first is {place}")
        for rule, line, at, value in self._book.faults:
            if line > self._line and at < self.width:
                self.note_fault(rule, self._names[at], value, line)
        hidden = [sheet.name for sheet in self._book.sheets if sheet.is_hidden]
        if hidden:
            self.notes.append(f"hidden sheets, not read: {', '.join(hidden[:8])}")
