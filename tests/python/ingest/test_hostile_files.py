"""Files made to break their readers: each costs itself alone, with its reason."""

import gzip
import io
import time
import zipfile

import pytest

from .test_zip import zipped
from .workbooks import MAIN, Book, Raw, book

HEADER = ["id", "amount", "note"]
CSV = "id,amount,note\n1,2,a\n2,3,b\n"
PAGE = "<html><table><tr><th>id</th><th>amount</th></tr><tr><td>1</td><td>2</td>"


def sheet(rows: str) -> bytes:
    """A workbook with these rows as XML below its header."""
    return book([HEADER, [Raw(f"</row>{rows}<row>")]])


def styled(styles: str) -> bytes:
    xml = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return Book().sheet("s", [HEADER, [1]]).content(xl__styles=xml)


def renamed(name: bytes, flag: int = 0) -> bytes:
    """A ZIP file whose member has a name of these bytes in both places."""
    raw = zipped({"sales_1.csv": CSV}).replace(b"sales_1.csv", name.ljust(11, b"x"))
    at = raw.index(b"PK\x01\x02")
    return raw[: at + 9] + bytes([flag]) + raw[at + 10 :]


def nameless() -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("a", "no table")
    raw = bytearray(file.getvalue())
    at = raw.index(b"PK\x01\x02")
    raw[at + 28] = 0  # length of the name
    del raw[at + 46]
    size = raw.rindex(b"PK\x05\x06") + 12
    raw[size] -= 1
    return bytes(raw)


def packed(method: int, at: int) -> bytes:
    """A ZIP file whose member is damaged `at` bytes behind its name."""
    with zipfile.ZipFile(file := io.BytesIO(), "w", method) as archive:
        archive.writestr("sales_1.csv", CSV * 50)
    raw = bytearray(file.getvalue())
    raw[41 + at : 46 + at] = b"\xff" * 5
    return bytes(raw)


def misplaced() -> bytes:
    """A ZIP file whose directory begins before the file does."""
    raw = bytearray(zipped({"sales_1.csv": CSV}))
    at = raw.index(b"PK\x01\x02") + 42
    raw[at : at + 4] = b"\xff\xff\xff\x7f"
    raw[:0] = b"PK\x03\x04"  # what was put before it is added to each place
    return bytes(raw)


HOSTILE = {
    "row.xlsx": sheet(f'<row r="{"9" * 5000}"><c><v>1</v></c></row>'),
    "row_text.xlsx": sheet('<row r="abc"><c><v>1</v></c></row>'),
    "row_below.xlsx": sheet('<row r="-5"><c><v>1</v></c></row>'),
    "row_far.xlsx": sheet('<row r="99999999"><c><v>1</v></c></row>'),
    "style.xlsx": sheet('<row><c s="abc"><v>1</v></c></row>'),
    "style_below.xlsx": sheet('<row><c s="-1"><v>1</v></c></row>'),
    "shared_below.xlsx": sheet('<row><c t="s"><v>-1</v></c></row>'),
    "format.xlsx": styled('<cellXfs><xf numFmtId="x"/></cellXfs>'),
    "formats.xlsx": styled('<numFmts><numFmt numFmtId="1.5"/></numFmts>'),
    "header.xlsx": book([["id", "amount", "_xD800_"], [1, 2, 3]]),
    "name.zip": renamed(b"sal\x80s_1.csv", flag=8),
    "nameless.zip": nameless(),
    "packed_12.zip": packed(zipfile.ZIP_BZIP2, 6),
    "packed_14.zip": packed(zipfile.ZIP_LZMA, 12),
    "misplaced.zip": misplaced(),
    "text.gz": b"hello",
    "damaged.csv.gz": gzip.compress(CSV.encode())[:-8] + bytes(8),
    "declared.html": PAGE + "<![x y]>",
    "header.html": PAGE.replace("amount", "am\udcfft").encode(errors="surrogateescape"),
}


def test_hostile_files_cost_themselves_alone(shop):
    for name, content in HOSTILE.items():
        shop.put(f"sales_{name}", content)
    shop.put("sales_0.csv", CSV)
    summary = shop.run(archive_to=shop.data)
    said = {o.label.partition("!")[0]: (o.status, o.reason) for o in summary.outcomes}
    assert said.pop("shop/sales_0.csv") == ("landed", None)
    assert said.keys() == {f"shop/sales_{name}" for name in HOSTILE}
    for label, (status, reason) in said.items():
        assert status == "refused" and "unexpected" not in reason, label
    assert list(shop.inbox.rglob("*.*")) == []
    shop.check_counts()


def test_what_nobody_has_foreseen_costs_one_file(shop, monkeypatch):
    """While it is found out what the file is, too."""
    from scripts.ingest import inbox

    def failing(path, score):
        if path.suffix == ".odd":
            raise ArithmeticError("so odd")
        return real(path, score)

    real = inbox.contents
    monkeypatch.setattr(inbox, "contents", failing)
    shop.put("sales_1.odd", CSV)
    shop.put("sales_2.csv", CSV)
    odd, good = shop.run(archive_to=shop.data).outcomes
    assert (good.status, odd.status) == ("landed", "refused")
    assert odd.reason == "unexpected ArithmeticError: so odd"


def test_names_with_very_long_numbers_are_in_order(shop):
    """Python takes no number of more than 4,300 digits."""
    long = "1" + "0" * 5_000
    names = [f"sales_{n}.csv" for n in (long, "9", "09", f"{long}0", "٣", "10")]
    shop.put("x.zip", zipped({name: f"id\n{n}\n" for n, name in enumerate(names)}))
    assert {o.status for o in shop.run().outcomes} == {"landed"}
    assert [row for (row,) in shop.rows("sales", "id")] == [
        "4",
        "2",
        "1",
        "5",
        "0",
        "3",
    ]


def test_sheets_of_one_name_are_each_read(shop):
    both = Book().sheet("sales", [HEADER, [1, 2, "x"]])
    shop.put("b.xlsx", both.sheet("sales", [HEADER, [2, 3, "y"]]).content())
    shop.run()
    assert shop.rows("sales", "id, note") == [("1", "x"), ("2", "y")]


def test_halves_of_a_character_in_a_workbook_are_one(shop):
    shop.land("sales.xlsx", book([HEADER, [1, 2, "_xD83D__xDE00_"], [2, 3, "_xD800_"]]))
    assert shop.rows("sales", "id, note") == [("1", "😀")]
    assert [reject[2] for reject in shop.rejects()] == [
        "not a character: lone surrogate \\ud800"
    ]


@pytest.mark.parametrize("piece", ["&lt", "&#", "<!--", "</", "<a /", '<a x="', "<?"])
def test_a_page_without_an_end_is_read_in_time_that_grows_as_it_does(read, piece):
    took = []
    for size in (1_000_000, 8_000_000):
        text = PAGE + "</tr><tr><td>" + piece * (size // len(piece))
        began = time.process_time()
        found = read(text, "html")
        took.append(time.process_time() - began)
        assert found.values("id, amount")[0] == ("1", "2")
    # 8 times as long takes 8 times as long: by the square it would be 64 times
    assert took[1] < 24 * took[0] + 0.5


def test_a_table_that_no_program_closes_is_whole(shop):
    bare = PAGE.removeprefix("<html>")
    assert shop.land("sales_1.xls", bare + "</tr>\n").cut_reason is None
    assert shop.land("sales_2.xls", bare.replace("</tr>", "")).cut_reason is None
    assert shop.land("sales_3.xls", bare).cut_reason == "the table is not closed"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("</tr></table></html>", None),
        ("</tr></table>", None),
        ("</tr><tr><td>2", "the table is not closed"),
        ("</tr><tr><td", "the page ends within a tag"),
        ("</tr></table", "the page ends within a tag"),
    ],
)
def test_a_page_that_is_cut_is_not_whole(shop, more, reason):
    outcome = shop.land("sales.xls", PAGE + more)
    assert outcome.status == "landed" and outcome.cut_reason == reason
    bare = shop.land("sales_2.xls", (PAGE + more).removeprefix("<html>"))
    assert bare.cut_reason == reason
    assert shop.rows("sales", "id, amount")[0] == ("1", "2")


def test_totals_in_every_other_row_are_checked_in_bounded_time(shop_in_tables):
    """Each is held against the groups above it, of which the file has thousands."""
    rows = "".join(f"{n},5,x,y\nTotal,{n * 5},,\n" for n in range(2, 4_000))
    began = time.process_time()
    outcome = shop_in_tables.land("sales.csv", f"id,amount,note,more\n{rows}")
    assert time.process_time() - began < 8
    assert (outcome.landed, outcome.separators) == (3_998, 3_998)
    (first, *_) = (each for each in outcome.apart if "differs" in each)
    assert first["differs"] == [{"column": "amount", "value": "10", "sum": "5"}]


def test_a_long_line_of_signs_is_read_in_time_that_grows_as_it_does(read):
    began = time.process_time()
    found = read("id,amount,note\n1,2," + "-" * 200_000 + "\n2,3,x\n")
    assert time.process_time() - began < 2
    assert found.ids == ["1", "2"]
