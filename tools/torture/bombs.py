"""Small files that need much memory or time, if nobody looks out."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Maker = Callable[[Path], Path]
PART = 1 << 20


def _gz(name: str, begin: bytes, part: bytes, megabytes: int) -> Maker:
    def make(folder: Path) -> Path:
        path = folder / name
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.write(begin)
            for _ in range(megabytes):
                file.write((part * (PART // len(part) + 1))[:PART])
        return path

    return make


def _zip(begin: bytes, part: bytes, megabytes: int) -> Maker:
    def make(folder: Path) -> Path:
        path = folder / "companies.zip"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
            file.open("companies.csv", "w") as member,
        ):
            member.write(begin)
            for _ in range(megabytes):
                member.write((part * (PART // len(part) + 1))[:PART])
        return path

    return make


def _xlsx(begin: bytes, part: bytes, megabytes: int) -> Maker:
    """A workbook whose sheet begins so, and goes on."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def make(folder: Path) -> Path:
        path = folder / "companies.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            sheet = '<sheet name="S" sheetId="1"/>'
            file.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{main}"><sheets>{sheet}</sheets></workbook>',
            )
            with file.open("xl/worksheets/sheet1.xml", "w") as member:
                member.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
                member.write(_SHEET_HEADER + begin)
                for _ in range(megabytes):
                    member.write((part * (PART // len(part) + 1))[:PART])
        return path

    return make


def _parquet(folder: Path) -> Path:
    """One long text, named by each of many rows."""
    path = folder / "companies.parquet"
    rows = 3_000
    long = pa.DictionaryArray.from_arrays(
        pa.array([0] * rows, pa.int32()), pa.array(["x" * PART])
    )
    ids = pa.array([str(n) for n in range(rows)])
    pq.write_table(pa.table({"id": ids, "name": long}), path)
    return path


def _columns(folder: Path) -> Path:
    """40,000 columns."""
    path = folder / "companies.csv"
    names = ",".join(f"column_{n}" for n in range(40_000))
    values = "," * 40_000
    path.write_text(f"id,name,{names}\nC1,One{values}\n", encoding="utf-8")
    return path


def _keys(folder: Path) -> Path:
    """Records that have no key in common."""
    path = folder / "companies.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for number in range(20_000):
            file.write(f'{{"id": "C{number}", "name": "x", "key_{number}": 1}}\n')
    return path


_HEADER = b"id,name\nC1,One\nC2,"
_OBJECT = b'{"id": "C1", "name": "One"}\n{"id": "C2", "name": "'
_RECORDS = b'[{"id": "C1", "name": "One"},'
_NESTED = b'[1, {"id": 1, "name": '
_LOST = b'[{"id": "C1", "name": ["One",\n'
_RECORD = b'{"id": "C2", "name": "Two"},\n'
_LINE = b"a line of the usual length, " * 4 + b"\n"
_SHEET_HEADER = (
    b'<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>name</v></c></row>'
)
_TEXT = b'<row r="2"><c r="A2" t="inlineStr"><is><t>'
_ROW = b'<row><c t="str"><v>C1</v></c><c t="str"><v>One</v></c></row>'
ALL: dict[str, Maker] = {
    "a line of 256 MB in a ZIP file": _zip(_HEADER, b"x", 256),
    "a cell of 256 MB": _xlsx(_TEXT, b"x", 256),
    "elements nested in a sheet, 16 MB": _xlsx(b"", b"<row>", 16),
    "a sheet of 256 MB": _xlsx(b"", _ROW, 256),
    "a line of 256 MB": _gz("companies.csv.gz", _HEADER, b"x", 256),
    "an open quote, 64 MB of lines": _gz("companies.csv.gz", _HEADER + b'"', _LINE, 64),
    "JSON text of 256 MB": _gz("companies.ndjson.gz", _OBJECT, b"x", 256),
    "JSON nested 1 M deep": _gz("companies.json.gz", b'[{"id": ', b"[", 1),
    "JSON nested in arrays": _gz("companies.json.gz", _RECORDS, _NESTED, 1),
    "JSON, a bracket lost, 20 MB": _gz("companies.json.gz", _LOST, _RECORD, 20),
    "50 MB of empty lines": _gz("companies.csv.gz", _HEADER, b"\n", 50),
    "Parquet, 3 GB from a dictionary": _parquet,
    "40,000 columns": _columns,
    "20,000 records, 20,000 keys": _keys,
}
