"""Reports that are HTML under another name, and workbooks of other formats."""

import io
import zipfile
from importlib.util import find_spec
from xml.sax.saxutils import escape

import pytest

from scripts.ingest.readers import calamine, sheets

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
