"""Delimited files; line numbers are counted by hand."""

import json

import pytest

from scripts.ingest.errors import Refusal

UNCLOSED = "a quote is not closed"
WESTERN = "; is it written in `encoding: cp1252`?"


@pytest.mark.parametrize(
    "content",
    [
        "id,amount,note\n1,2,a\n3,4,b\n",
        "id,amount,note\r\n1,2,a\r\n3,4,b\r\n",
        "id,amount,note\r1,2,a\r3,4,b\r",
        "id,amount,note\r\n1,2,a\n3,4,b",
        '"id","amount","note"\n"1","2","a"\r\n3,"4",b',
        "Note,ID,Total\na,1,2\nb,3,4\n",
    ],
)
def test_plain_records(read, content):
    assert read(content).values() == [("1", "2", "a", 2), ("3", "4", "b", 3)]


@pytest.mark.parametrize("many", [0, 20_000])
def test_single_quotes_are_quotes_where_the_header_has_them(read, many):
    content = "'id','amount','note'\n'1','1,5','O''Brien, \"Jr\"'\n2,3,'a\nb'\n"
    rest = [(f"k{n}", "1,5", "x", 5 + n) for n in range(many)]
    content += "".join(f"'{id_}','1,5',x\n" for id_, *_ in rest)
    found = read(content)
    assert not found.rejects
    assert found.values() == [
        ("1", "1,5", 'O\'Brien, "Jr"', 2),
        ("2", "3", "a\nb", 3),
        *rest,
    ]


def test_apostrophes_are_values_where_the_header_has_none(read):
    content = "id,amount,note\n'007,'1,x\n'8','2',it's\n"
    assert read(content).values() == [
        ("'007", "'1", "x", 2),
        ("'8'", "'2'", "it's", 3),
    ]


def test_values_land_as_delivered(read):
    content = 'id,amount,note\n 01 ,1e5,\n2,," a""b "\n3,\u2028x,é\u00a0\n'
    assert read(content).values() == [
        (" 01 ", "1e5", "", 2),
        ("2", "", ' a"b ', 3),
        ("3", "\u2028x", "é\u00a0", 4),
    ]


def test_a_quoted_field_keeps_its_line_breaks(read):
    content = 'id,amount,note\n1,2,"a\nb\r\nc\rd"\n3,4,x\n'
    assert read(content).values() == [("1", "2", "a\nb\r\nc\rd", 2), ("3", "4", "x", 6)]


def test_blank_lines_are_no_records(read):
    content = "\n  \nid,amount,note\n\n1,2,a\n   \n\r\n3,4,b\n\n"
    found = read(content)
    assert found.values() == [("1", "2", "a", 5), ("3", "4", "b", 8)]
    assert found.values("_record") == [(1,), (2,)]


def test_one_column_keeps_quoted_emptiness(read):
    content = 'id\na\n\n""\n \nb\n'
    found = read(content, "csv", "single")
    assert found.values("id, _record, _line") == [
        ("a", 1, 2),
        ("", 2, 4),
        (" ", 3, 5),
        ("b", 4, 6),
    ]


def test_wrong_field_counts(read):
    found = read("id,amount,note\n1,2\n1,2,a\n1,2,3,4\n3,4,b\n")
    assert found.values() == [("1", "2", "a", 3), ("3", "4", "b", 5)]
    assert found.rejected == [
        (2, 2, "expected 3 fields, found 2", "1,2"),
        (4, 4, "expected 3 fields, found 4", "1,2,3,4"),
    ]
    assert found.values("_record") == [(2,), (4,)]


def test_text_after_a_closing_quote(read):
    found = read('id,amount,note\n1,"2"x,a\n3,4,b\n')
    assert found.values() == [("3", "4", "b", 3)]
    ((first, last, reason, raw),) = found.rejected
    assert (first, last, raw) == (2, 2, '1,"2"x,a')
    assert reason.startswith("bad quoting")


def test_a_stray_quote_costs_its_line(read):
    lines = [f"{n},{n},x" for n in range(2, 2002)]  # record n on line n
    lines[500] = '502,"502,x'
    found = read("id,amount,note\n" + "\n".join(lines) + "\n")
    rows = found.values()
    assert [row[0] for row in rows] == [str(n) for n in range(2, 2002) if n != 502]
    assert all(row[0] == str(row[3]) for row in rows)
    assert found.rejected == [(502, 502, UNCLOSED, '502,"502,x')]


def test_two_stray_quotes_cost_two_lines(read):
    content = 'id,amount,note\n1,"2,a\n3,4,b\n5,6",c\n7,8,d\n'
    found = read(content)
    rows = found.values()
    # From the first quote to the second there is one well-formed record of
    # three fields: nothing in the file says that it is not meant so.
    assert rows == [("1", "2,a\n3,4,b\n5,6", "c", 2), ("7", "8", "d", 5)]

    content = 'id,amount,note\n1,2,"a\n3,4,b\n5,6",c\n7,8,d\n'
    found = read(content)
    assert found.values() == [
        ("3", "4", "b", 3),
        ("5", '6"', "c", 4),
        ("7", "8", "d", 5),
    ]
    assert [reject[:2] for reject in found.rejected] == [(2, 2)]
    assert found.rejected[0][2] == (
        "expected 3 fields, found 4 in lines 2 to 4: a quote astray?"
    )


def test_a_quote_open_at_the_end(read):
    found = read('id,amount,note\n1,2,a\n3,4,"b\n5,6,c')
    assert found.values() == [("1", "2", "a", 2), ("5", "6", "c", 4)]
    assert found.rejected == [(3, 3, UNCLOSED, '3,4,"b')]


@pytest.mark.parametrize("size", [131_072, 500_000, 5_000_000])
def test_a_record_whose_quotes_close_lands_however_long(read, size):
    text = ('paragraph, with ""words"", and more\n' * (size // 30))[:size]
    text = text.removesuffix('"') + "end"
    content = f'id,amount,note\n1,2,a\n3,4,"{text}"\n5,6,b\n'
    found = read(content)
    lines = text.count("\n")
    assert found.rejects == []
    assert found.values() == [
        ("1", "2", "a", 2),
        ("3", "4", text.replace('""', '"'), 3),
        ("5", "6", "b", 4 + lines),
    ]


def test_the_limit_of_a_record_is_a_setting(read, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_RECORD_LIMIT", "100000")
    lines = [f"{n},{n},x" for n in range(2, 60_002)]  # record n on line n
    lines[500] = '502,"502,x'
    found = read("id,amount,note\n" + "\n".join(lines) + "\n")
    assert len(found.rows) == 59_999
    assert found.rejected == [
        (
            *(502, 502),
            f"{UNCLOSED} within 100,000 characters (WAREHOUSE_RECORD_LIMIT)",
            '502,"502,x',
        )
    ]
    with pytest.raises(Refusal, match=r"longer than 100,000 .*WAREHOUSE_RECORD_LIMIT"):
        read("id,amount,note\n1,2," + "x" * 200_000 + "\n")


def test_two_stray_quotes_do_not_swallow_the_records_between(read):
    lines = [f"{n},{n},x" for n in range(2, 2002)]  # record n on line n
    lines[500] = '502,"502,x'
    lines[1500] = '1502,1502",x'  # from quote to quote: a record of three fields
    found = read("id,amount,note\n" + "\n".join(lines) + "\n")
    assert [r[:2] for r in found.rejected] == [(502, 502)]
    assert [row["id"] for row in found.rows] == [
        str(n) for n in range(2, 2002) if n != 502
    ]


def test_quotes_astray_everywhere_take_linear_time(read):
    """Each line begins something new for the parser."""
    for line in ('"x', 'a,"b\n"', '""a', 'a,"b\nc",d,e', '"a""\n"b'):
        content = "id,amount,note\n" + f"{line}\n" * 40_000
        found = read(content)
        assert len(found.rows) + len(found.rejects) > 13_000


def test_ten_megabytes_on_one_line_land(read):
    big = "x" * 10_000_000
    found = read(f'id,amount,note\n1,2,"{big}"\n3,4,b\n')
    assert found.values() == [("1", "2", big, 2), ("3", "4", "b", 3)]


def test_nul_and_invalid_bytes_cost_their_record(read):
    content = (
        b"id,amount,note\n1,2,a\x00b\n3,4,b\n5,6,caf\xe9\n"
        b'7,8,"x\ny\xff\xfe"\n9,10,\xc3\xa9\n'
    )
    found = read(content)
    assert found.values() == [("3", "4", "b", 3), ("9", "10", "é", 7)]
    assert found.rejected == [
        (2, 2, "NUL character", "1,2,a\\x00b"),
        (4, 4, "invalid utf-8 (byte 0xe9)" + WESTERN, "5,6,caf\\xe9"),
        (5, 6, "invalid utf-8 (byte 0xff)" + WESTERN, '7,8,"x\ny\\xff\\xfe"'),
    ]


def test_a_thousand_columns(read):
    names = [f"n{i}" for i in range(998)]
    header = ",".join(["id", *names, "amount"])
    row = ",".join(["1", *(str(i) for i in range(998)), "5"])
    found = read(f"{header}\n{row}\n")
    rows = found.values("id, amount, _extra")
    assert rows[0][:2] == ("1", "5")
    assert json.loads(rows[0][2]) == {f"n{i}": str(i) for i in range(998)}
    assert list(found.reader.extras) == names
    assert found.reader.missing == ["note"]


def test_separator_rows_are_counted_and_not_landed(read):
    content = "id,note\n-----,-----\n1,a\n ----- ,-----\n-----,b\n"
    found = read(content, "csv", "marked")
    assert found.values("id, note, _record, _line") == [
        ("1", "a", 2, 3),
        ("-----", "b", 4, 5),
    ]
    assert (found.rejects, found.separators) == ([], 2)


def test_tabs_and_declared_delimiters(read):
    found = read("id\tamount\tnote\n1,5\t2\ta\n", "tsv")
    assert found.values() == [("1,5", "2", "a", 2)]
    assert found.reader.format == "tsv"
    found = read(b"id;note\n1;caf\xe9\n", "csv", "western")
    assert found.values("id, note, _line") == [("1", "café", 2)]
    assert found.reader.encoding == "cp1252"


@pytest.mark.parametrize(
    "header",
    [
        '"id,amount,note\n1,2,a\n',
        'id,"am"ount,note\n1,2,a\n',
        b"id,am\xffount,note\n1,2,a\n",
        "id,am\0ount,note\n1,2,a\n",
    ],
)
def test_a_header_that_cannot_be_read_refuses_the_file(read, header):
    with pytest.raises(Refusal, match="line 1: header: "):
        read(header)


def test_a_header_may_span_lines(read):
    found = read('id,amount,"no\nte"\n1,2,a\n')
    assert found.values() == [("1", "2", "a", 3)]


@pytest.mark.parametrize("shift", range(6))
def test_records_at_the_edges_of_blocks(read, shift):
    """Wherever a block ends, records and lines come out the same."""
    text, line, expected = "id,amount,note" + " " * shift + "\r\n", 2, []
    while len(text) < 150_000:
        number = str(len(expected))
        note, lines = "x" * 88 + number, 1
        if len(expected) % 7 == 0:
            note, lines = note + "\r\n\n,", 3
        cell = f'"{note}"' if lines > 1 else note
        text += f"{number},é,{cell}\r\n"
        expected.append((number, "é", note, line))
        line += lines
    assert read(text).values() == expected


@pytest.mark.parametrize(
    ("content", "kind", "hint"),
    [
        ("id,note\n1,a\n", "csv", '`delimiter: ","`'),
        ("id\tnote\n1\ta\n", "csv", '`delimiter: "\\t"`'),
        ('"id|note"\n"1|a"\n', "csv", '`delimiter: "|"`'),
        ('[{"id": 1}]', "csv", "`format: json`"),
        ("id;note\n1;a\n".encode("utf-16-le"), "csv", "`encoding: utf-16-le`"),
        ("id;note\n1;a\n".encode("utf-16-be"), "csv", "`encoding: utf-16-be`"),
        (b"PK\x03\x04\x14\0\0\0", "csv", "an Excel workbook or a ZIP file"),
        (b"PAR1\x15\x04\0", "csv", "`format: parquet`"),
    ],
)
def test_a_refusal_names_the_setting_that_is_its_cure(read, content, kind, hint):
    """Of a table that declares both delimiter and encoding."""
    with pytest.raises(Refusal) as caught:
        read(content, kind, "western")
    assert hint in caught.value.reason


# -- files as programs and people write them -------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_the_delimiter_is_found(read, delimiter, kind):
    header = delimiter.join(["id", "amount", "note"])
    found = read(f'{header}\n1{delimiter}2{delimiter}"x{delimiter}y"\n', kind)
    assert found.values("id, amount, note") == [("1", "2", f"x{delimiter}y")]
    assert found.reader.format == ("tsv" if delimiter == "\t" else "csv")


def test_titles_above_the_header_are_set_apart_and_counted(read):
    content = "Report of sales,,\nMay;June,,\n\n,,\nid,amount,note\n1,2,a\n"
    found = read(content)
    assert found.values() == [("1", "2", "a", 6)]
    assert [(a["line"], a["kind"]) for a in found.reader.apart] == [
        (1, "title above the header"),
        (2, "title above the header"),
    ]
    assert found.separators == 2


def test_a_western_file_is_read_and_said(read):
    found = read("id,note\n1,Größe\n2,€\n3,plain\n".encode("cp1252"))
    assert found.values("id, note") == [("1", "Größe"), ("2", "€"), ("3", "plain")]
    assert found.reader.encoding == "cp1252"
    assert found.reader.notes == ["no UTF-8: read as cp1252"]


def test_western_bytes_far_below_are_seen(read):
    plain = "".join(f"{n},x\n" for n in range(50_000))
    found = read(("id,note\n" + plain).encode() + b"z,\xe4\n")
    assert (len(found.rows), found.rows[-1]["note"]) == (50_001, "ä")


def test_utf_8_with_a_damaged_byte_stays_utf_8(read):
    found = read("id,note\n1,é\n2,".encode() + b"\xe9\n3,\xc3\xa9\n")
    assert found.values("id, note") == [("1", "é"), ("3", "é")]
    assert found.reader.notes == []


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(read, codec):
    found = read("id;note\n1;Жук\n2;b\n".encode(codec))
    assert found.values("id, note") == [("1", "Жук"), ("2", "b")]
    assert found.reader.encoding == codec


def test_keys_that_a_spreadsheet_has_rounded_are_rejected(read):
    lines = [f"{n},1.5E+10,x\n" for n in range(3)]
    found = read("".join(["id,amount,note\n", *lines, "1.20256E+17,1,y\n", "9,2,z\n"]))
    assert found.ids == ["0", "1", "2", "9"]
    ((first, _, reason, _),) = found.rejected
    assert first == 5
    assert reason == "id 1.20256E+17 has lost digits: export it again as text"


def test_quotes_between_tabs_may_be_no_quotes(read):
    content = (
        'id\tamount\tnote\n1\t2\t"Best" mug\n"2\t3\tCup\n3"\t4\t5" plate\n'
        '4\t5\t"quoted\t"\n5\t6\t"two\nlines"\n6\t7\t"x"\n'
    )
    found = read(content, "tsv")
    assert found.values("id, amount, note") == [
        ("1", "2", '"Best" mug'),
        ('"2', "3", "Cup"),
        ('3"', "4", '5" plate'),
        ("4", "5", "quoted\t"),
        ("5", "6", "two\nlines"),
        ("6", "7", "x"),
    ]


def test_lines_of_text_below_the_records_are_a_footer(read):
    content = (
        "id,amount,note\n1,2,a\nsome words alone\n2,3,b\n\n"
        "All amounts are in thousands\nFor the board,,\nAnn Other"
    )
    found = read(content)
    assert found.ids == ["1", "2"]
    assert [(r[0], r[2]) for r in found.rejected] == [(3, "expected 3 fields, found 1")]
    assert [(a["line"], a["kind"]) for a in found.reader.apart] == [
        (6, "report footer"),
        (7, "report footer"),
        (8, "report footer"),
    ]
    assert found.reader.cut_reason is None


def test_headings_of_groups_in_a_column_without_a_header(read):
    content = ",id,amount\nNorth,,\n,1,2\n,2,3\nSouth,,\n,3,4\n"
    found = read(content)
    assert found.ids == ["1", "2", "3"]
    assert [(a["line"], a["kind"]) for a in found.reader.apart] == [
        (2, "group heading"),
        (5, "group heading"),
    ]


def test_a_quoted_text_may_be_long_and_of_many_lines(read):
    text = "\n".join(f"line {n}, and more" for n in range(100_000))
    found = read(f'id,amount,note\n1,2,"{text}"\n2,3,b\n')
    assert found.values("id, note") == [("1", text), ("2", "b")]


def test_errors_of_spreadsheets_are_faults_with_their_line(read):
    rows = ["1,#N/A,#1001", '2,"#REF!",a', "3, #DIV/0! ,########", "4,#NV,x#N/A"]
    found = read("id,amount,note\n" + "\n".join(rows) + "\n")
    assert [tuple(each.values()) for each in found.reader.faults] == [
        ("cell_error", "amount", "#N/A", 2),
        ("cell_error", "amount", "#REF!", 3),
        ("cell_error", "amount", "#DIV/0!", 4),
        ("cell_error", "note", "########", 4),
        ("cell_error", "amount", "#NV", 5),
    ]
    many = "".join(f"{n},#N/A,x\n" for n in range(30_000))
    assert len(read("id,amount,note\n" + many).reader.faults) == 100
