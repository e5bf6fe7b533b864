"""Which cells of a sheet hold an error: python-calamine has them as empty, or 0.

Of .ods by its XML, of .xlsb and .xls by their records, as far as they can be read.
"""

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

Place = tuple[int, int]
"""The number of a row and of a column, from 0."""
Errors = dict[Place, str]

CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#N/A",
}  # fmt: skip
UNKNOWN = "#VALUE!"
MOST = 1_000_000
"""Errors that are looked for."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL_ERROR, _FORMULA_ERROR, _ROW, _SHEET = 3, 11, 0, 156  # records of .xlsb
_BOOL_OR_ERROR, _FORMULA, _BOUNDS, _END = 0x0205, 0x0006, 0x0085, 0x000A  # of .xls


def errors(path: Path, sheet: str) -> Errors:
    """The cells with errors of a sheet; none if it cannot be read.

    Each sheet is read by a process of its own, so none looks through the others.
    """
    try:
        with path.open("rb") as file:
            if file.read(8) == OLE:
                file.seek(0)
                return _first(_of_xls(file.read(), sheet))
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _of_ods(archive, sheet)
            if "xl/workbook.bin" in names:
                return _first(_of_xlsb(archive, names, sheet))
    except (
        OSError, zipfile.BadZipFile, struct.error, expat.ExpatError, ValueError,
        IndexError, KeyError, ElementTree.ParseError, NotImplementedError, RuntimeError,
    ):  # fmt: skip
        pass  # calamine says what is wrong with it
    return {}


def _first(found: Iterator[tuple[Place, str]]) -> Errors:
    kept: Errors = {}
    for place, text in found:
        kept[place] = text
        if len(kept) >= MOST:
            break
    return kept


# -- .ods ------------------------------------------------------------------------


class _SheetEndError(Exception):
    """The sheet has ended."""


class _Ods:
    """Follows the cells of a sheet in content.xml."""

    def __init__(self, sheet: str) -> None:
        self.found: Errors = {}
        self._sheet = sheet
        self._is_within = False
        self._row = self._rows = self._column = self._columns = 0
        self._is_error = False
        self._text = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if not (self._is_within or kind == "table"):
            return
        of = {key.rpartition(":")[2]: value for key, value in given.items()}
        if kind == "table":
            self._is_within, self._row = of.get("name", "") == self._sheet, 0
        elif kind == "table-row":
            self._rows, self._column = int(of.get("number-rows-repeated", "1")), 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._columns = int(of.get("number-columns-repeated", "1"))
            self._is_error = any(
                key.endswith(":value-type") and value == "error"
                for key, value in given.items()
            )
            self._text = ""

    def data(self, text: str) -> None:
        if self._is_error:
            self._text += text

    def end(self, name: str) -> None:
        if not self._is_within:
            return
        kind = name.rpartition(":")[2]
        if kind == "table":
            raise _SheetEndError
        if kind in ("table-cell", "covered-table-cell"):
            if self._is_error and len(self.found) < MOST:
                text = self._text.strip()
                shown = text if text in CODES.values() else UNKNOWN
                for row in range(self._row, self._row + min(self._rows, 1000)):
                    for n in range(self._column, self._column + min(self._columns, 99)):
                        self.found[row, n] = shown
            self._is_error = False
            self._column += self._columns
        elif kind == "table-row":
            self._row += self._rows


def _of_ods(archive: zipfile.ZipFile, sheet: str) -> Errors:
    reader = _Ods(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    with archive.open("content.xml") as stream, suppress(_SheetEndError):
        parser.ParseFile(stream)
    return reader.found


# -- .xlsb -----------------------------------------------------------------------


def _of_xlsb(
    archive: zipfile.ZipFile, names: set[str], wanted: str
) -> Iterator[tuple[Place, str]]:
    links = {}
    with archive.open("xl/_rels/workbook.bin.rels") as stream:
        for each in ElementTree.parse(stream).getroot():  # noqa: S314 (no entities)
            links[each.get("Id")] = str(each.get("Target")).lstrip("/")
    for kind, data in _records(archive.read("xl/workbook.bin")):
        if kind != _SHEET:
            continue
        link, at = _wide(data, 8)
        sheet, _ = _wide(data, at)
        if sheet != wanted:
            continue
        target = links[link]
        target = target if target.startswith("xl/") else f"xl/{target}"
        row = 0
        for of, cell in _records(archive.read(target)) if target in names else ():
            if of == _ROW:
                (row,) = struct.unpack_from("<I", cell)
            elif of in (_CELL_ERROR, _FORMULA_ERROR):
                (column,) = struct.unpack_from("<I", cell)
                yield (row, column), CODES.get(cell[8], UNKNOWN)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    stream = io.BytesIO(data)
    while first := stream.read(1):
        kind = first[0]
        if kind & 0x80:
            kind = (kind & 0x7F) | (stream.read(1)[0] & 0x7F) << 7
        size = shift = 0
        while True:
            byte = stream.read(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        yield kind, stream.read(size)


def _wide(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


# -- .xls ------------------------------------------------------------------------


def _of_xls(data: bytes, sheet: str) -> Iterator[tuple[Place, str]]:
    book = _stream(data, ("workbook", "book"))
    starts = []
    for kind, at, size in _biff(book, 0):
        if kind == _BOUNDS:
            (start,) = struct.unpack_from("<I", book, at)
            length, is_wide = book[at + 6], book[at + 7] & 1
            text = book[at + 8 : at + size]
            name = (
                text[: 2 * length].decode("utf-16-le")
                if is_wide
                else text[:length].decode("latin-1")
            )
            if name == sheet:
                starts.append(start)
    for start in starts:
        for kind, at, _ in _biff(book, start):
            if kind not in (_BOOL_OR_ERROR, _FORMULA):
                continue
            row, column = struct.unpack_from("<HH", book, at)
            if kind == _BOOL_OR_ERROR and book[at + 7]:
                yield (row, column), CODES.get(book[at + 6], UNKNOWN)
            elif kind == _FORMULA:
                result = book[at + 6 : at + 14]
                if result[6:] == b"\xff\xff" and result[0] == 2:
                    yield (row, column), CODES.get(result[2], UNKNOWN)


def _biff(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The records of a substream: kind, where its data begin, and their size."""
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, at + 4, size
        if kind == _END:
            return
        at += 4 + size


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """A stream of an OLE file, by the first of its names that is there."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < 0xFFFFFFFA and len(tables) * size < 4 * len(data):
        block = struct.unpack(f"<{size // 4}I", sector(more))
        tables += block[:-1]
        more = block[-1]
    chain: list[int] = []
    for table in tables:
        if table < 0xFFFFFFFA:
            chain += struct.unpack(f"<{size // 4}I", sector(table))

    def whole(number: int) -> bytes:
        parts, seen = [], set()
        while number < 0xFFFFFFFA and number not in seen:
            seen.add(number)
            parts.append(sector(number))
            number = chain[number]
        return b"".join(parts)

    folder = whole(struct.unpack_from("<I", data, 48)[0])
    for at in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        first, count = struct.unpack_from("<II", folder, at + 116)
        if name.lower() in names and count >= struct.unpack_from("<I", data, 56)[0]:
            return whole(first)[:count]
    raise ValueError("no workbook in it")
