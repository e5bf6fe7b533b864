"""Workbooks and archives, and what can happen to what lies within them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from random import Random
from xml.sax.saxutils import escape

from tests.python.ingest.workbooks import Book
from tools.torture.mutations import ANYWHERE, Record, written

PACKED = ("xlsx", "ods", "zip")


def packed(records: list[Record], kind: str, name: str) -> bytes:
    """Write records as a workbook, or as several members of an archive."""
    header = list(records[0])
    rows = [header, *([record[key] for key in header] for record in records)]
    if kind == "xlsx":
        return Book().sheet("Sheet1", rows).sheet("Other", [["a"], ["b"]]).content()
    if kind == "ods":
        return _zipped({
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": _sheet(rows).encode(),
        })  # fmt: skip
    half = len(records) // 2
    inner = _zipped({f"{name}_inner.csv": written(records[:3], "csv")})
    return _zipped({
        f"{name}_1.csv": written(records[:half], "csv"),
        f"a/{name}_2.json": written(records[half:], "json"),
        f"{name}_3.xlsx": packed(records, "xlsx", name),
        "inner.zip": inner,
        "Attachments/picture.png": b"\x89PNG",
    })  # fmt: skip


def repacked(content: bytes, random: Random) -> bytes:
    """Damage, leave out, repeat or rename members; the archive itself is whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(random.choice((1, 1, 2))):
        at = random.randrange(len(members))
        name, data = members[at]
        what = random.choice(
            ("damage", "damage", "damage", "leave out", "repeat", "name")
        )
        if what == "damage":
            members[at] = name, random.choice(ANYWHERE)(data, random)
        elif what == "leave out" and len(members) > 1:
            del members[at]
        elif what == "repeat":
            members.insert(random.randrange(len(members) + 1), (name, data))
        else:
            odd = (
                "../x.csv",
                "/x.csv",
                "ü\u202e.csv",
                "x" * 300,
                "con",
                " ",
                "a!b.csv",
            )
            members[at] = random.choice(odd), data
    return _zipped(members)


def _zipped(members: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    pairs = members.items() if isinstance(members, dict) else members
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return file.getvalue()


def _sheet(rows: Sequence[Sequence[str | None]]) -> str:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(cell or '')}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return (
        f'<office:document-content xmlns:office="{office}:office:1.0"'
        f' xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="Sheet1">'
        f"{cells}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
