"""Workbooks: what their cells mean, and what of their sheets is no record."""

import io
import zipfile
from pathlib import Path

import pytest

from scripts.ingest.errors import Refusal
from scripts.ingest.files import opened
from scripts.ingest.readers import open_reader
from scripts.ingest.sources import load_sources

from .workbooks import (
    CLOCK,
    DAY,
    ELAPSED,
    MAIN,
    MOMENT,
    SHARE,
    ZEROS,
    Book,
    Raw,
    book,
    boolean,
    error,
    formula,
    number,
)

HEADER = ["id", "amount", "note"]


class Table:
    """What a reader makes of a workbook."""

    def __init__(self, path: Path, table, sheet=None) -> None:
        self.rows: list[dict] = []
        self.rejects: list[tuple] = []
        self.separators = 0
        with opened(path) as content:
            self.reader = open_reader(content, table, "xlsx", sheet)
            names = [*self.reader.columns, "_record", "_line"]
            for batch in self.reader.batches():
                self.rows += [dict(zip(names, row, strict=True)) for row in batch.rows]
                self.rejects += [(r.first_line, r.reason) for r in batch.rejects]
                self.separators += batch.separators

    def values(self, names="id, amount, note") -> list[tuple]:
        return [tuple(row.get(name) for name in names.split(", ")) for row in self.rows]

    @property
    def apart(self) -> list[tuple]:
        return [(found["line"], found["kind"]) for found in self.reader.apart]


@pytest.fixture
def table(tmp_path, read):
    """Read a workbook, or rows, as the table of sales."""
    sales = read("id\n1\n").reader.table

    def table(content: bytes | list, sheet=None) -> Table:
        path = tmp_path / "book"
        path.write_bytes(content if isinstance(content, bytes) else book(content))
        return Table(path, sales, sheet)

    return table


@pytest.mark.parametrize("shares", [True, False])
def test_texts_come_as_they_are(table, shares):
    texts = ["plain", " é & <b> ", "two\nlines", "00123", "'00123", "=1+1", "1,5"]
    rows = [HEADER, *([n, None, text] for n, text in enumerate(texts, 1))]
    found = table(book(rows, shares=shares))
    assert found.values("id, note") == [(str(n), t) for n, t in enumerate(texts, 1)]
    assert [row["_line"] for row in found.rows] == list(range(2, 9))
    assert [row["_record"] for row in found.rows] == list(range(1, 8))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (number("10000000001"), "10000000001"),
        (number("123456789012345"), "123456789012345"),
        (number("1234.5"), "1234.5"),
        (number("1234.5600000000001"), "1234.56"),
        (number("0.30000000000000004"), "0.3"),
        (number("-0.1"), "-0.1"),
        (number("1E-3"), "0.001"),
        (number("4.9301234567E+10"), "49301234567"),
        (number("1.5E+20"), "1.5E+20"),
        (number("45000", DAY), "2023-03-15"),
        (number("60", DAY), "60"),
        (number("59", DAY), "1900-02-28"),
        (number("61", DAY), "1900-03-01"),
        (number("1", DAY), "1900-01-01"),
        (number("-1", DAY), "-1"),
        (number("2958465", DAY), "9999-12-31"),
        (number("2958466", DAY), "2958466"),
        (number("45000.5", DAY), "2023-03-15T12:00:00"),
        (number("45000", MOMENT), "2023-03-15T00:00:00"),
        (number("45000.999988425930", MOMENT), "2023-03-15T23:59:59"),
        (number("45000.00002", MOMENT), "2023-03-15T00:00:01.728"),
        (number("0.75", CLOCK), "18:00:00"),
        (number("1.5", ELAPSED), "36:00:00"),
        (number("0.2", SHARE), "20%"),
        (number("0.075", SHARE), "7.5%"),
        (number("2108", ZEROS), "02108"),
        (number("text", DAY), "text"),
        (boolean(True), "true"),
        (boolean(False), "false"),
        (formula("A1*2", "84"), "84"),
        (Raw('<c r="{r}" t="str"><f>A1&amp;"x"</f><v>a x</v></c>'), "a x"),
        (Raw('<c r="{r}" t="d"><v>2026-01-31T00:00:00</v></c>'), "2026-01-31"),
        (Raw('<c r="{r}" s="99"><v>7</v></c>'), "7"),
        (Raw('<c r="{r}"/>'), None),
        (
            Raw(
                '<c r="{r}" t="inlineStr"><is><r><t>rich</t></r><r><t> text</t></r>'
                "<rPh><t>no</t></rPh></is></c>"
            ),
            "rich text",
        ),
        ("a_x000D_b_x005F_c", "a\rb_c"),
    ],
)
def test_what_a_cell_means(table, cell, text):
    assert table([HEADER, ["1", cell, "x"]]).values("amount") == [(text,)]


@pytest.mark.parametrize(
    ("cell", "day"), [("0", "1904-01-01"), ("43538", "2023-03-15")]
)
def test_days_of_a_book_from_1904(table, cell, day):
    rows = [HEADER, ["1", number(cell, DAY), "x"]]
    assert table(book(rows, is_1904=True)).values("amount") == [(day,)]


def test_errors_and_formulas_without_a_value_are_empty_and_said(table):
    rows = [
        HEADER,
        ["1", error("#N/A"), "x"],
        ["2", error("#N/A"), error("#REF!")],
        ["3", formula("B1*2"), "y"],
    ]
    found = table(rows)
    assert found.values() == [("1", None, "x"), ("2", None, None), ("3", None, "y")]
    assert found.reader.notes == [
        "2 cells with errors (#N/A), read as empty; the first is B2",
        "1 cells with errors (#REF!), read as empty; the first is C3",
        "1 formulas without a value, read as empty; the first is B4",
    ]


def test_keys_that_have_lost_digits_are_rejected_with_advice(table):
    rows = [
        HEADER,
        [number("1.20256E+17"), "1", "a"],
        [number("120256789012345678"), "2", "b"],
        ["1.2E+17", "3", "c"],
        [number("123456789012345"), "4", "d"],
        ["120256789012345678", "5", "e"],
        [number("12.0"), "1.2E+17", "f"],
    ]
    found = table(rows)
    assert found.values("id, amount") == [
        ("123456789012345", "4"),
        ("120256789012345678", "5"),
        ("12", "1.2E+17"),
    ]
    assert [line for line, _ in found.rejects] == [2, 3, 4]
    assert all("export it again as text" in reason for _, reason in found.rejects)


def test_titles_totals_footers_and_groups_are_set_apart(table):
    rows = [
        ["Sales of May"],
        None,
        ["as of", "2026-05-31"],
        HEADER,
        ["North"],
        ["1", 10, "a"],
        ["2", 20, "b"],
        HEADER,
        [None, None, "South"],
        ["3", 30, "c"],
        ["Total", 60],
        None,
        ["Confidential Information - Do Not Distribute"],
        ["All figures are in thousands"],
    ]
    found = table(rows)
    assert found.values() == [("1", "10", "a"), ("2", "20", "b"), ("3", "30", "c")]
    assert [row["_line"] for row in found.rows] == [6, 7, 10]
    kinds = dict(found.apart)
    assert kinds[1] == kinds[3] == "title above the header"
    assert kinds[5] == kinds[9] == "group heading"
    assert (kinds[8], kinds[11]) == ("repeated header", "totals")
    assert kinds[13] == kinds[14] == "report footer"
    assert found.separators == len(found.apart) == 8


def test_a_second_table_below_is_said_and_counted(table):
    rows = [
        HEADER,
        *([n, n * 1.5, "x"] for n in range(1, 6)),
        None,
        [7, 1.5, "after a gap"],
        None,
        ["Region", "Owner", "Target"],
        ["North", "Ann", 100],
        ["South", "Bob", 200],
    ]
    found = table(rows)
    assert [row["id"] for row in found.rows] == ["1", "2", "3", "4", "5", "7"]
    assert found.apart == [(line, "another table below") for line in (10, 11, 12)]
    assert found.separators == 3


def test_a_second_table_of_the_same_columns_lands_without_its_header(table):
    rows = [
        HEADER,
        *([n, n * 1.5, "x"] for n in range(1, 4)),
        None,
        ["Old ones"],
        HEADER[:2],
        [7, 1.5],
        None,
        ["8"],  # a record that has its key alone
        ["9", 2, "y"],
    ]
    found = table(rows)
    assert [row["id"] for row in found.rows] == ["1", "2", "3", "7", "8", "9"]
    assert found.apart == [(6, "title above the header"), (7, "repeated header")]


def test_a_stray_cell_far_away_and_cells_beside(table):
    rows = [HEADER, ["1", 1, "a", None, "see mail"], ["2", 2, "b"]]
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    found = table(Book().sheet("S", rows, below=far).content())
    assert found.values() == [("1", "1", "a"), ("2", "2", "b")]
    assert found.apart == [
        (2, "cell without a header"),
        (1048576, "cell without a header"),
    ]
    assert found.separators == 1


def test_what_a_sheet_says_of_its_size_is_not_believed(table):
    rows = [HEADER, *([n, n, "x"] for n in range(1, 2001))]
    small = Book().sheet("S", rows, before='<dimension ref="A1:C2"/>').content()
    assert len(table(small).rows) == 2000
    large = Book().sheet("S", rows[:2], before='<dimension ref="A1:XFD1048576"/>')
    assert len(table(large.content()).rows) == 1


def test_rows_and_cells_without_references_and_prefixed_elements(table):
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        + "".join(
            "<x:row>"
            + "".join(
                f'<x:c t="inlineStr"><x:is><x:t>{cell}</x:t></x:is></x:c>'
                for cell in row
            )
            + "</x:row>"
            for row in (HEADER, ["1", "2", "a"], ["2", "3", "b"])
        )
        + "</x:sheetData></x:worksheet>"
    )
    content = Book().sheet("S", []).content(xl__worksheets__sheet1=xml)
    assert table(content).values() == [("1", "2", "a"), ("2", "3", "b")]


def test_hidden_columns_are_read_hidden_sheets_said(table):
    cols = '<cols><col min="1" max="3" hidden="1"/></cols>'
    content = (
        Book()
        .sheet("key", [HEADER, ["no", "no", "no"]], state="veryHidden")
        .sheet("old", [HEADER, ["no", "no", "no"]], state="hidden")
        .sheet("S", [HEADER, ["1", "2", "a"]], before=cols)
        .content()
    )
    found = table(content)
    assert found.values() == [("1", "2", "a")]
    assert found.reader.notes == ["hidden sheets, not read: key, old"]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl__worksheets__sheet1": BOMB + "<worksheet>&a;</worksheet>"}, "DOCTYPE"),
        ({"xl__sharedStrings": BOMB + "<sst/>"}, "DOCTYPE"),
        ({"xl__styles": BOMB + "<styleSheet/>"}, "DOCTYPE"),
        ({"xl__workbook": "<workbook"}, "corrupt"),
        ({"xl__worksheets__sheet1": SHEET}, "corrupt"),
        ({"xl__worksheets__sheet1": ""}, "corrupt"),
        (
            {
                "xl__worksheets__sheet1": SHEET.replace('"A1"', '"XFE1"')
                + "</sheetData></worksheet>"
            },
            "column XFE",
        ),
        ({"xl__sharedStrings": f'<sst xmlns="{MAIN}"/>'}, "a text is missing"),
    ],
)
def test_a_broken_workbook_is_refused(table, parts, words):
    content = Book().sheet("S", [HEADER, ["1", "2", "a"]]).content(**parts)
    with pytest.raises(Refusal, match=words):
        table(content)


def test_a_workbook_that_swells_is_refused(table, monkeypatch):
    monkeypatch.setattr("scripts.ingest.files.MAY_SWELL", 1_000_000)
    monkeypatch.setenv("WAREHOUSE_SWELLING_LIMIT", "20")
    rows = [HEADER, *(["x" * 100, "1", "a"] for _ in range(20_000))]
    with pytest.raises(Refusal, match="more than 20 times as large"):
        table(book(rows, shares=False))
    monkeypatch.delenv("WAREHOUSE_SWELLING_LIMIT")
    monkeypatch.setenv("WAREHOUSE_ROW_LIMIT", "100")
    with pytest.raises(Refusal, match=r"100 rows \(WAREHOUSE_ROW_LIMIT\)"):
        table([HEADER, *(["1"] for _ in range(200))])


# -- through the inbox ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["sales.xlsx", "SALES.XLSM", "sales", "sales.csv"])
def test_a_workbook_lands_whatever_it_is_called(shop, name):
    outcome = shop.land(name, book([HEADER, [1, 2, "a"], [2, 3, "b"]]))
    assert (outcome.status, outcome.landed) == ("landed", 2)
    assert shop.files("format, encoding") == [("xlsx", None)]
    shop.check_counts()


def test_each_sheet_of_a_known_table_is_a_delivery(shop):
    content = (
        Book()
        .sheet("Notes", [["Read me first"], ["done by Ann"]])
        .sheet("May", [HEADER, [1, 2, "a"]])
        .sheet("June", [["June"], HEADER, [2, 3, "b"], [3, 4, "c"]])
        .sheet("Empty", [])
        .content()
    )
    path = shop.put("sales.xlsx", content)
    summary = shop.run(archive_to=shop.data)
    shop.check_counts()
    assert [(o.label, o.status, o.landed) for o in summary.outcomes] == [
        ("shop/sales.xlsx!June", "landed", 2),
        ("shop/sales.xlsx!May", "landed", 1),
    ]
    assert "sheets of no known table, not read: Notes" in str(
        [o.notes for o in summary.outcomes]
    )
    assert len({kept for (kept,) in shop.files("archived_as")}) == 1
    assert not path.exists()


def test_a_workbook_within_a_zip_file(shop):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sales.xlsx", book([HEADER, [1, 2, "a"]]))
    shop.put("x.zip", file.getvalue())
    (outcome,) = shop.run().outcomes
    assert (outcome.label, outcome.landed) == ("shop/x.zip!sales.xlsx", 1)


EXPORTS = Path(__file__).parents[4] / "shared/data/exports/excel_habits"


@pytest.mark.skipif(not EXPORTS.exists(), reason="no real exports here")
def test_a_real_workbook_from_a_mac(read):
    sales = read("id\n1\n").reader.table
    found = Table(EXPORTS / "dates_1904.xlsx", sales)
    assert '"2026-01-05T09:14:00"' in found.rows[0]["_extra"]


def test_errors_of_cells_are_faults_with_row_and_column(table):
    rows = [
        ["A report"],
        HEADER,
        ["1", error("#N/A"), "x"],
        ["2", formula("B1*2"), "#REF!"],
        ["3", "####", "# 7"],
        ["Total", error("#VALUE!"), None],
    ]
    found = table(rows)
    assert [tuple(each.values()) for each in found.reader.faults] == [
        ("cell_error", "note", "#REF!", 4),
        ("cell_error", "amount", "####", 5),
        ("cell_error", "amount", "#N/A", 3),
        ("formula_without_value", "amount", "", 4),
        ("cell_error", "amount", "#VALUE!", 6),
    ]


def test_errors_of_cells_are_noted_once_though_rows_are_read_again(table):
    rows = [HEADER, ["1", error("#N/A"), "x"], ["2", 5, "y"], ["Total", 5, None]]
    found = table(rows)
    assert found.apart == [(4, "totals")]
    assert len(found.reader.faults) == 1
    assert found.reader.notes == [
        "1 cells with errors (#N/A), read as empty; the first is B2"
    ]


def test_references_that_have_lost_digits_show_it(tmp_path):
    """A workbook keeps 15 digits; what stages the column sees that others are lost."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "_shop__sources.yml").write_text(
        "sources: [{name: shop, tables: [{name: lines,"
        " config: {meta: {files: lines*}}, columns: [{name: name}, {name: order_id},"
        " {name: amount, data_type: money}]}]}]"
    )
    (lines,) = load_sources(tmp_path)["shop"].tables
    rows = [
        ["name", "order_id", "amount"],
        ["a", number("120256789012345678"), number("120256789012345678")],
        ["b", number("123456789012345"), "1"],
    ]
    path = tmp_path / "lines.xlsx"
    path.write_bytes(book(rows))
    with opened(path) as content:
        reader = open_reader(content, lines, "xlsx", None)
        found = [row for batch in reader.batches() for row in batch.rows]
    assert [row[:3] for row in found] == [
        ["a", "1.20256789012346E+17", "120256789012345678"],
        ["b", "123456789012345", "1"],
    ]
