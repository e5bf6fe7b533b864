"""How files begin and end besides their records: hints, end marks, zeros, cuts."""

import gzip

import pytest

from scripts.ingest.readers.ends import is_fragment

from .workbooks import Book

HEADER = "id,amount,note\n"
CSV = HEADER + "1,2,a\n3,4,b\n"
RECORD = "truncated: the file ends inside the record"
VALUES = [("1", "2", "a"), ("3", "4", "b")]
KEYS = "id, amount, note"


@pytest.mark.parametrize(
    "end",
    ["\x1a", "\x1a\x1a\x1a", "\x1a" + "\0" * 90, "\n\x1a", "\x1a\n", "\r\n\x1a\r\n"],
)
@pytest.mark.parametrize("before", [CSV, CSV.rstrip("\n"), CSV.replace("\n", "\r\n")])
def test_the_end_mark_of_dos_is_harmless(read, before, end):
    if end == "\x1a\n" and not before.endswith("\n"):
        before += "\n"
    found = read(before + end)
    assert (found.values(KEYS), found.rejected) == (VALUES, [])
    assert (found.separators, found.reader.cut_reason) == (0, None)


@pytest.mark.parametrize("kind", ["json", "ndjson"])
@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\x1a\0\0\0"])
def test_the_end_mark_of_dos_after_json(read, kind, end):
    content = '[{"id":"1"},{"id":"3"}]' if kind == "json" else '{"id":"1"}\n{"id":"3"}'
    found = read(content + end, "json")
    assert (found.ids, found.rejected) == (["1", "3"], [])
    assert found.reader.cut_reason is None


def test_a_ctrl_z_elsewhere_is_kept(read):
    found = read(HEADER + "1,2,a\x1ab\n3,4,\x1ac\n")
    assert found.values("note") == [("a\x1ab",), ("\x1ac",)]


@pytest.mark.parametrize("nuls", [1, 500, 40_000, 20_000_000])
@pytest.mark.parametrize("end", ["\n", ""])
def test_zeros_at_the_end_are_said_and_what_is_whole_lands(read, nuls, end):
    found = read(CSV.rstrip("\n") + end + "\0" * nuls)
    assert (found.values(KEYS), found.rejected) == (VALUES, [])
    told = f"truncated: the file ends with {nuls:,} NUL bytes"
    assert found.reader.cut_reason == told
    found = read('[{"id":"1"}]' + "\0" * nuls, "json")
    assert (found.ids, found.reader.cut_reason) == (["1"], told)


def test_zeros_between_records_are_no_end(read):
    found = read(CSV.encode() + b"\0" * 70_000 + b"5,6,c\n7,8,d\n")
    assert found.values(KEYS) == [*VALUES, ("7", "8", "d")]
    assert [reason for _, _, reason, _ in found.rejected] == ["NUL character"]


def test_a_file_of_zeros_is_refused_with_its_reason(shop_in_tables):
    for name in ("sales.csv", "sales.json"):
        outcome = shop_in_tables.land(name, b"\0" * 9000)
        assert (outcome.status, outcome.reason) == ("refused", "nothing but NUL bytes")


def test_zeros_at_the_end_end_the_run_with_1(shop_in_tables):
    shop_in_tables.put("sales.csv", CSV + "\0" * 100)
    assert shop_in_tables.run().exit_code == 1
    shop_in_tables.put("sales.csv", CSV + "\x1a")
    assert shop_in_tables.run().exit_code == 0
    shop_in_tables.check_counts()


@pytest.mark.parametrize("delimiter", list(",;|:") + ["\t"])
@pytest.mark.parametrize(
    "hint",
    ["sep={}\n", '"sep={}"\r\n', "SEP={}\n", "sep={0}{0}{0}\n", "\ufeffsep={}\n"],
)
def test_the_hint_of_spreadsheets_is_the_delimiter(read, delimiter, hint):
    content = hint.format(delimiter) + CSV.replace(",", delimiter)
    for kind, table in (("csv", "sales"), ("tsv", "sales")):
        found = read(content, kind, table)
        assert found.values() == [("1", "2", "a", 3), ("3", "4", "b", 4)]
        assert (found.rejected, found.separators) == ([], 0)
    for encoding in ("utf-16",):
        found = read(content.lstrip("\ufeff").encode(encoding))
        assert found.values(KEYS) == VALUES


def test_the_hint_wins_over_the_declaration_and_stands_in_the_first_line(read):
    assert read("sep=,\nid,note\n1,a\n", "csv", "western").ids == ["1"]
    found = read("id\nsep=;\n", "csv", "single")
    assert found.ids == ["sep=;"]


ABOVE = {
    "2024-01-01": ["2024-02-11", "2023-12-01", "2024-01-05"],
    "2024-01-01T10:00:00Z": ["2024-02-11T23:11:05Z", "2023-12-01T00:00:00Z"] * 2,
    "2024-01-01 10:00": ["2024-02-11 23:11", "2023-12-01 08:15", "2024-01-05 11:59"],
    "12/11/2024": ["1/2/2024", "11/2/2023", "1/12/2024"],
    "12.11.2024": ["01.02.2024", "11.12.2023", "05.12.2024"],
    "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed": [
        "c81d4e2e-bcf2-11e6-869b-7df92533d2db",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "6fa459ea-ee8a-3ca4-894e-db77e160355e",
    ],
    "10.00": ["1.00", "250.50", "3.99"],
    "€ 10,00": ["€ 1,00", "€ 250,50", "€ 3,99"],
    "true": ["true", "false"] * 4,
    "customer": ["lead", "customer", "prospect"] * 4,
    "+447400510001": ["+447400510002", "+447400511003", "+447400510009"],
    "9f86d081884c7d659a2feaa0c55ad015": [
        "60303ae22b998861bce3b28f33eec1be",
        "fd61a03af4f77d870fc21e05e7e80678",
        "a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
}
MAILS = ["ada@example.org", "bo@example.com", "cy@firm.co.uk"]


@pytest.mark.parametrize("whole", ABOVE)
def test_a_part_of_a_value_is_a_fragment_wherever_it_is_cut(whole):
    above = ABOVE[whole]
    shortest = 4 if whole == "10.00" else 1
    for end in range(1, len(whole)):
        part = whole[:end]
        if part.strip() and part not in ("€", "-"):
            assert is_fragment(part, above) or end < shortest - 3, part
    assert not is_fragment(whole, above)
    assert not is_fragment("", above)
    assert not is_fragment("N/A", above)


def test_a_part_of_an_address():
    assert all(is_fragment("dee@example.org"[:end], MAILS) for end in range(1, 12))
    assert not is_fragment("dee@example.org", MAILS)


@pytest.mark.parametrize(
    ("value", "above"),
    [
        ("1234", ["12345", "12346"]),  # too few to say
        ("2024-01-01", ["2024-02-11"]),
        ("2024", ["2024-02-11"]),
        ("1/2/2024", ["11/12/2024"]),
        ("b@c.org", ["a@example.org"]),
        ("none yet", ["a@example.org"]),
        ("2024-01-01", []),
        ("http", []),
        ("Bob", ["Anna", "Otto", "Hans", "Emil"]),
        ("7", ["100", "250", "311"]),
        ("9.00", ["10.00", "12.50", "31.10"]),
        ("A", ["A1", "A2", "B3"]),
        ("Closed", ["Closed Won", "Closed Lost"] * 5),
        ("won", ["open", "lost"] * 5),
        ("call back", ["sent", "no answer", "left a message"]),
        ("n", ["note one", "note two", "another", "more", "words", "again"]),
        ("1/2/2024", ["11/12/2024", "12/12/2024", "10/10/2024"]),
        ("US", ["DE", "FR", "NL", "AT"]),
        ("K9", ["K01", "K02", "K03"]),
        ("x", []),
    ],
)
def test_a_short_value_may_be_whole(value, above):
    assert not is_fragment(value, above)


@pytest.mark.parametrize(
    ("value", "above"),
    [
        ("2024-01-0", ["2024-01-01"]),
        ("2024-1", ["2024-01-01", "2024-01-02"]),
        ("2024-", []),
        ("2024-01-", []),
        ("2024-01-05T10:", []),
        ("01.02.20", ["01.02.2024"]),
        ("2024-01-05 1", ["2024-01-01 10:00"]),
        ("ann@exam", ["bo@example.org"]),
        ("ann@example.", []),
        ("ann@", []),
        ("https:/", ["https://example.org/a"]),
        ("c81d4e2e-bcf2-11e6-8", ["f47ac10b-58cc-4372-a567-0e02b2c3d479"]),
    ],
)
def test_a_part_that_cannot_be_whole_is_one_whatever_is_above(read, value, above):
    assert is_fragment(value, above)
    rows = "".join(f"{n},1,{text}\n" for n, text in enumerate(above))
    found = read(f"{HEADER}{rows}9,9,{value}")
    assert len(found.rows) == len(above)
    assert found.reader.cut_reason == f"{RECORD} (its last value is {value!r})"
    assert read(f"{HEADER}{rows}9,9,{value}\n").reader.cut_reason is None


@pytest.mark.parametrize("rows", [4, 30_000])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_file_cut_inside_its_last_value(shop_in_tables, rows, zipped):
    shop = shop_in_tables
    lines = [f"{n},{n},2024-01-{10 + n % 20}\n" for n in range(rows)]
    whole = HEADER + "".join(lines)
    for end in (1, 2, 4, 10):
        content = whole[: -1 - end].encode()
        name = f"sales_{end}.csv" + (".gz" if zipped else "")
        shop.put(name, gzip.compress(content, 1) if zipped else content)
        summary = shop.run()
        outcome = next(o for o in summary.outcomes if o.label == f"shop/{name}")
        if end == 10:  # nothing is left of the value: an empty one may be meant
            assert (outcome.landed, outcome.rejected) == (rows, 0)
            continue
        part = lines[-1].split(",")[-1][:-1][:-end]
        assert (outcome.landed, outcome.rejected) == (rows - 1, 1)
        assert outcome.cut_reason == f"{RECORD} (its last value is {part!r})"
        assert summary.exit_code == 1
    shop.check_counts()


@pytest.mark.parametrize("blocks", [1, 2, 16])
def test_a_file_of_whole_blocks_that_does_not_end(shop_in_tables, blocks):
    shop = shop_in_tables
    size = 4096 * blocks
    text = HEADER + "".join(f"{n},{n},word {n}\n" for n in range(1000, 6000))
    content = text[: text.rindex("\n", 0, size - 30)] + "\n99,99,"
    content += "x" * (size - len(content))
    shop.put("sales.csv", content)
    summary = shop.run()
    (outcome,) = summary.outcomes
    assert outcome.cut_reason == (
        f"perhaps truncated: the last line does not end, and the {size:,} bytes are a "
        "multiple of 4,096"
    )
    assert (outcome.rejected, summary.exit_code) == (0, 1)
    shop.put("sales.csv", content[:-1])  # not a multiple
    shop.put("sales_2.csv", content[:-1] + "\n")  # it ends
    assert shop.run().exit_code == 0
    shop.check_counts()


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize(
    ("text", "is_record"),
    [("Sam Seller", False), ("Acme GmbH", False), ("Notes: none", False),
     ("* estimates only", False), ("Total", False), ("a4", True)],
)  # fmt: skip
def test_below_an_empty_line_text_and_workbooks_are_read_alike(
    shop, text, is_record, place
):
    header, rows = ["id", "amount", "note"], [["a1", "1", "x"], ["a2", "2", "y"]]
    below = ["", "", ""]
    below[place] = text
    is_record = is_record and place == 0
    found = []
    lines = [",".join(row) + "\n" for row in (header, *rows)]
    lines += ["\n", ",".join(below) + "\n"]
    found.append(shop.land("sales.csv", "".join(lines)))
    cells = [cell or None for cell in below]
    found.append(
        shop.land(
            "sales.xlsx", Book().sheet("S", [header, *rows, None, cells]).content()
        )
    )
    for outcome in found:
        assert (outcome.landed, outcome.rejected) == (2 + is_record, 0)
        kinds = [each["kind"] for each in outcome.apart]
        kind = "totals" if text == "Total" else "report footer"
        assert kinds == ([] if is_record else [kind])
