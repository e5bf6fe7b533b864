"""Reports that are HTML under another name, and workbooks of other formats."""

import io
import json
import struct
import zipfile
from importlib.util import find_spec
from xml.sax.saxutils import escape

import pytest

from scripts.ingest.readers import calamine, cell_errors, sheets

from .workbooks import Book, book

HEADER = ["id", "amount", "note"]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def ods(tables: dict[str, list]) -> bytes:
    """A workbook as LibreOffice writes it; dates are written `date:2026-01-31`."""
    body = ""
    for name, rows in tables.items():
        body += f'<table:table table:name="{name}">'
        for row in rows:
            body += f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"
        body += "</table:table>"
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
        f'xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet>{body}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
        manifest = f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0"/>'
        archive.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


def _cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind, value = "string", f"<text:p>{escape(str(cell))}</text:p>"
    given = ""
    if isinstance(cell, int | float):
        kind, given = "float", f' office:value="{cell}"'
    elif str(cell).startswith("date:"):
        kind, given = "date", f' office:date-value="{str(cell)[5:]}"'
    return (
        f'<table:table-cell office:value-type="{kind}"{given}>{value}'
        "</table:table-cell>"
    )


needs_calamine = pytest.mark.skipif(
    find_spec(sheets.LIBRARY) is None, reason="python-calamine is not installed"
)

REPORT = """<html><head><title>x</title><style>td {color: red}</style></head><body>
<table border=1><tr><th>id</th><th>amount</th><th>note</th></tr>
<tr><td>001</td><td>1,234.50</td><td>K&ouml;ln &amp; <b>Bonn</b><br>two</td></tr>
<tr><td>002<td>&nbsp;<td>x
<tr><td colspan=2>Grand Totals (2 records)</td><td></td></tr></table>
<table><tr><td>Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.</td>
</tr><tr><td>Confidential Information - Do Not Distribute</td></tr></table></body>"""


@pytest.mark.parametrize("name", ["sales.xls", "sales.csv", "sales.html"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_report_that_is_html(shop_in_tables, name, codec):
    outcome = shop_in_tables.land(name, REPORT.encode(codec))
    assert (outcome.status, outcome.landed, outcome.rejected) == ("landed", 2, 0)
    assert shop_in_tables.rows("sales", "id, amount, note") == [
        ("001", "1,234.50", "Köln & Bonn\ntwo"),
        ("002", None, "x"),
    ]
    kinds = [found["kind"] for found in outcome.apart]
    assert kinds == ["totals", "report footer", "report footer"]
    assert shop_in_tables.files("format") == [("html",)]


def test_a_report_in_a_western_encoding(shop_in_tables):
    content = REPORT.replace("&ouml;", "ö").encode("cp1252")
    outcome = shop_in_tables.land("sales.xls", content)
    assert shop_in_tables.rows("sales", "note")[0] == ("Köln & Bonn\ntwo",)
    assert outcome.notes == ["no UTF-8: read as cp1252"]


def test_what_is_called_a_workbook_may_be_text(shop):
    outcome = shop.land("sales.xls", "id\tamount\n1\t2\n")
    assert (outcome.status, outcome.landed) == ("landed", 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><body>Please log in</body></html>", "without a table"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
            + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (book([]), "no visible sheet"),
        (Book().sheet("x", [HEADER], state="hidden").content(), "no visible sheet"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(shop_in_tables, content, words):
    outcome = shop_in_tables.land("sales.xlsx", content)
    assert outcome.status == "refused" and words in outcome.reason


def test_without_the_library_the_way_out_is_said(shop_in_tables, monkeypatch):
    monkeypatch.setattr(sheets, "find_spec", lambda name: None)
    for content in (ods({"A": [HEADER]}), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99):
        outcome = shop_in_tables.land("sales.ods", content)
        assert outcome.status == "refused"
        assert "requirements-sheets.txt" in outcome.reason


def test_an_abort_costs_the_file_alone(shop_in_tables, monkeypatch):
    """The process that reads it dies; the others land."""
    monkeypatch.setattr(sheets, "find_spec", lambda name: True)
    monkeypatch.setattr(sheets.sys, "executable", "/bin/false")
    shop_in_tables.put("sales_1.ods", ods({"A": [HEADER, [1, 2, "x"]]}))
    shop_in_tables.put("sales_2.csv", "id\n1\n")
    one, two = shop_in_tables.run().outcomes
    assert (one.status, two.status) == ("refused", "landed")
    assert "save it as .xlsx or CSV" in one.reason


@needs_calamine
def test_other_workbooks(shop):
    content = ods(
        {
            "Notes": [["by Ann"]],
            "Sales": [
                ["Report"],
                [],
                HEADER,
                [10000000001, 1.5, "date:2026-01-05"],
                [2, None, "date:2026-01-05T10:30:00"],
                [120256789012345678, 3, "lost"],
                ["Total", 4.5],
            ],
        }
    )
    shop.put("sales.ods", content)
    (outcome,) = shop.run().outcomes
    assert shop.rows("sales", "id, amount, note, _line") == [
        ("10000000001", "1.5", "2026-01-05", 4),
        ("2", None, "2026-01-05T10:30:00", 5),
    ]
    assert outcome.rejected == 1 and "export it again as text" in shop.rejects()[0][2]
    assert [found["kind"] for found in outcome.apart] == [
        "title above the header",
        "totals",
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sales_z.ods", content)
    shop.put("x.zip", file.getvalue())
    assert [o.landed for o in shop.run().outcomes] == [0, 2]


@needs_calamine
def test_a_workbook_that_would_abort_the_process(shop_in_tables):
    """Cells in the first and the last corner alone make the library ask for 512 GB."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = Book().sheet("S", [HEADER, [1, 2, "x"]], below=far).content()
    path = shop_in_tables.folder / "odd"
    path.write_bytes(content)
    from scripts.ingest.errors import Refusal

    with pytest.raises(Refusal, match="it cannot be read within"):
        list(sheets._lines(str(path), "0", "S"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", None),
        ("x", "x"),
        (True, "true"),
        (5.0, "5"),
        (0.1 + 0.2, "0.3"),
        (1.2e17, ["1.2e+17"]),
    ],
)
def test_values_of_the_library_as_text(value, text):
    assert calamine.text_of(value) == text


CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
CODES = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}


def ods_with_errors(rows: list[list[object]], **others: list[list[object]]) -> bytes:
    """As LibreOffice writes errors: as 0 or an empty text, with a type beside it."""
    content = ods({"A": rows, **others})
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(found, "w") as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            text = text.replace("xmlns:text=", f'xmlns:calcext="{CALCEXT}" xmlns:text=')
            for error in CODES:
                text = text.replace(
                    f'"string"><text:p>{error}',
                    '"float" office:value="0" calcext:value-type="error">'
                    f"<text:p>{error}",
                )
            new.writestr(name, text)
    return found.getvalue()


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of .xlsb: its kind and size in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(data), b""
    while True:
        size, low = size >> 7, size & 0x7F
        sizes += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + sizes + data


def xlsb_with_errors(rows: list[list[object]]) -> bytes:
    """The least that is a workbook: one sheet, its texts in its cells."""
    cells = b""
    for n, row in enumerate(rows):
        cells += record(0, struct.pack("<II", n, 0) + bytes(9))
        for at, cell in enumerate(row):
            place = struct.pack("<II", at, 0)
            if cell in CODES:  # of a value, and of a formula
                kind = 3 if n % 2 else 11
                cells += record(kind, place + bytes([CODES[str(cell)]]) + bytes(12))
            elif cell is not None:
                cells += record(6, place + wide(str(cell)))
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet = record(129) + record(148, extent) + record(145) + cells
    sheet += record(146) + record(130)
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("A"))
    book += record(144) + record(132)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>'
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{kind}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return file.getvalue()


def xls_with_errors(rows: list[list[object]]) -> bytes:
    """The least that is a BIFF8 workbook in an OLE file of sectors of 512 bytes."""

    def biff(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    cells = b""
    for n, row in enumerate(rows):
        for at, cell in enumerate(row):
            place = struct.pack("<HHH", n, at, 15)
            if cell in CODES and n % 2:
                cells += biff(0x0205, place + bytes([CODES[str(cell)], 1]))
            elif cell in CODES:
                result = bytes([2, 0, CODES[str(cell)], 0, 0, 0, 0xFF, 0xFF])
                cells += biff(0x0006, place + result + bytes(6) + struct.pack("<H", 0))
            elif cell is not None:
                text = str(cell).encode("latin-1")
                cells += biff(0x0204, place + struct.pack("<HB", len(text), 0) + text)
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    globals_ = biff(0x0809, begin)
    at = len(globals_) + 4 + 9 + 4
    globals_ += biff(0x0085, struct.pack("<IHBB", at, 0, 1, 0) + b"A") + biff(0x0A, b"")
    assert len(globals_) == at
    begin = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    extent = struct.pack("<IIHHH", 0, len(rows), 0, len(rows[0]), 0)
    stream = globals_ + biff(0x0809, begin) + biff(0x0200, extent) + cells
    stream += biff(0x0A, b"")
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, end, *range(3, count + 2), end]
    table += [free] * (128 - len(table))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
            + struct.pack("<III", free, free, child) + bytes(36)
            + struct.pack("<III", first, size, 0)
        )  # fmt: skip

    folder = entry("Root Entry", 5, 1, end, 0)
    folder += entry("Workbook", 2, free, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    return (
        head + struct.pack("<128I", *table)
        + (folder + bytes(256)) + stream
    )  # fmt: skip


@needs_calamine
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("sales.ods", ods_with_errors),
        ("sales.xlsb", xlsb_with_errors),
        ("sales.xls", xls_with_errors),
    ],
)
def test_errors_in_cells_are_found(shop_in_tables, name, written):
    rows = [
        HEADER,
        ["a", "#DIV/0!", "x"],
        ["b", "7", "#N/A"],
        ["c", "#REF!", "y"],
        ["d", "8", "z"],
    ]
    outcome = shop_in_tables.land(name, written(rows))
    assert (outcome.status, outcome.landed) == ("landed", 4)
    assert shop_in_tables.rows("sales", "id, amount, note") == [
        ("a", None, "x"), ("b", "7", None), ("c", None, "y"), ("d", "8", "z"),
    ]  # fmt: skip
    ((faults,),) = shop_in_tables.files("faults")
    assert [
        (each["rule"], each["column"], each["value"], each["line"])
        for each in json.loads(faults)
    ] == [
        ("cell_error", "amount", "#DIV/0!", 2),
        ("cell_error", "note", "#N/A", 3),
        ("cell_error", "amount", "#REF!", 4),
    ]


def test_errors_are_looked_for_in_one_sheet(tmp_path):
    path = tmp_path / "two.ods"
    second = [HEADER, ["a", "#REF!", "x"]]
    path.write_bytes(ods_with_errors([HEADER, ["a", "1", "#N/A"]], B=second))
    assert cell_errors.errors(path, "A") == {(1, 2): "#N/A"}
    assert cell_errors.errors(path, "B") == {(1, 1): "#REF!"}
    assert cell_errors.errors(path, "C") == {}
