"""JSON files; line numbers are counted by hand."""

import json

import pytest

from scripts.ingest.errors import Refusal


def record(number: int) -> str:
    return json.dumps({"id": f"r{number}", "amount": number, "note": "x"})


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('[{"id":"a","amount":1},{"id":"b","amount":2}]', (1, 1)),
        ('[\n{"id":"a","amount":1},\r\n{"id":"b","amount":2}\n]\n', (2, 3)),
        ('{"id":"a","amount":1}\n{"id":"b","amount":2}\n', (1, 2)),
        ('{"id":"a","amount":1}\r\r{"id":"b","amount":2}', (1, 3)),
        ('\n{\n "id": "a",\n "amount": 1\n}\n{\n "id":"b","amount":2}', (2, 6)),
        ('[{"id":"a","amount":1}]\n[{"id":"b","amount":2}]', (1, 2)),
        ('[{"amount":1,"id":"a"} {"amount":2,"id":"b"},]', (1, 1)),
    ],
)
def test_arrays_and_records_one_after_the_other(read, content, lines):
    assert read(content, "json").values() == [
        ("a", "1", None, lines[0]),
        ("b", "2", None, lines[1]),
    ]


def test_the_format_is_seen_from_the_content(read):
    assert read('{"id":"a"}', "json").reader.format == "ndjson"
    assert read('[{"id":"a"}]', "json").reader.format == "json"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.10", "1.10"),
        ("1e5", "1e5"),
        ("-0", "-0"),
        ("12345678901234567890", "12345678901234567890"),
        (
            "0.1000000000000000055511151231257827",
            "0.1000000000000000055511151231257827",
        ),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('""', ""),
        ('"1"', "1"),
        ('"\\u00e9\\ud83d\\ude00\\n"', "é😀\n"),
        ("NaN", None),
        ("-Infinity", None),
        ("[Infinity, 1]", "[null,1]"),
        (
            '{ "b" : [1.10, "x", null, true, {}], "a": "é\\"" }',
            '{"b":[1.10,"x",null,true,{}],"a":"é\\""}',
        ),
        ("[ ]", "[]"),
    ],
)
def test_values_land_as_written(read, value, expected):
    found = read(f'[{{"id": 1, "note": {value}, "other": {value}}}]', "json")
    assert found.values() == [("1", None, expected, 1)]
    assert json.loads(found.rows[0]["_extra"]) == {"other": expected}


def test_the_last_of_repeated_keys_wins(read):
    assert read('[{"id": 1, "id": 2}]', "json").values("id") == [("2",)]


def test_records_may_differ_in_their_keys(read):
    content = (
        '[{"id":1},{"value":"v","sale_id":2},{"id":3,"total":"t","value":"u"},'
        '{"id":4,"odd":1}]'
    )
    found = read(content, "json")
    assert found.values("id, amount, _extra") == [
        ("1", None, None),
        ("2", "v", None),
        ("3", "t", '{"value":"u"}'),
        ("4", None, '{"odd":"1"}'),
    ]
    assert list(found.reader.extras) == ["value", "odd"]
    assert found.reader.missing == ["note"]
    assert found.reader.renamed.keys() == {"id", "amount"}


BROKEN = [
    '{"id":"r2","amount":2,"note":oops}',  # a word
    '{"id":"r2","amount":2 "note":"x"}',  # no comma
    '{"id":"r2","amount":2,"note":"x",}',  # a comma too many
    '{"id":"r2","amount","note":"x"}',  # no value
    '{"id":"r2","amount":2,"note":"x"',  # no closing brace
    '{"id":"r2,"amount":2,"note":"x"}',  # no closing quote
    '{"id":"r2","amount":2,"note":"x}',  # no closing quote at the end
    '{"id":"r2","amount":2,"note":x"}',  # no opening quote
    '{"id":"r2","note":{"id":1,"a":[{"id":1},{"id":2},{"id":3}],}}',  # nested
    '{"id":"r2",oops,"note":[{"b":1},{"b":2},{"b":3}]}',
    "{'id':'r2','amount':2}",  # quotes of another language
    '{"id":"r2","note":"bad \\x escape"}',
    '{"id":"r2","note":01}',
    '{"id" "r2"}',
    "{oops}",
    "{",
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize(
    ("start", "between", "end", "line"),
    [("[", ",", "]", 1), ("[\n", ",\n", "\n]\n", 3), ("", "\n", "\n", 2)],
)
def test_a_malformed_record_costs_itself(read, broken, start, between, end, line):
    records = [record(1), broken, *map(record, range(3, 9))]
    found = read(start + between.join(records) + end, "json")
    assert found.values("id") == [(f"r{n}",) for n in (1, 3, 4, 5, 6, 7, 8)]
    ((first, last, reason, raw),) = found.rejected
    assert (first, last) == (line, line)
    assert raw == broken
    assert reason.startswith("malformed JSON: ")


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("place", [0, 3, 4, 7])
def test_malformed_records_anywhere(read, broken, place):
    """Also as the first, as the last, and next to another one."""
    records = list(map(record, range(8)))
    records[place] = broken
    found = read(f"[{','.join(records)}]", "json")
    assert found.values("id") == [(f"r{n}",) for n in range(8) if n != place]
    assert len(found.rejected) == 1


@pytest.mark.parametrize(
    "end", ['"note":', '"note": [', '"note": {"a":', '"a": [{"b":']
)
@pytest.mark.parametrize("between", ["\n", "\r\n", "\n  "])
def test_a_record_cut_before_a_value_costs_itself(read, end, between):
    cut = f'{{"id": 3, {end}'
    records = [f'{{"id": {n}, "note": "x"}},' for n in (1, 2, 4, 5, 6)]
    lines = [*records[:2], cut, *records[2:]]
    found = read("[" + between.join(lines).rstrip(",") + "]", "json")
    assert found.ids == ["1", "2", "4", "5", "6"]
    (reject,) = found.rejects
    assert reject.raw_text == cut
    found = read("[" + between.join(lines[:4]).rstrip(",") + "]", "json")
    assert found.ids == ["1", "2", "4"]


def test_pretty_printed_records_resynchronise(read):
    content = json.dumps(
        [{"id": f"r{n}", "note": [{"id": 1}, {"id": 2}]} for n in range(5)], indent=2
    ).replace('"id": "r2",', '"id": "r2"')
    found = read(content, "json")
    rows = found.values("id, _line")
    assert [row[0] for row in rows] == ["r0", "r1", "r3", "r4"]
    ((first, last, _, raw),) = found.rejected
    line = content[: content.index('"r2"')].count("\n")  # the line before the key
    assert (first, last) == (line, line + 10)
    assert raw.startswith('{\n    "id": "r2"\n')
    assert raw.endswith("}\n    ]\n  }")


@pytest.mark.parametrize(
    ("content", "ids", "reason"),
    [
        ('[{"id":"a"},{"id":"b"},{"id":"c', "ab", "the file ends inside the record"),
        ('[{"id":"a"},{"id":"b"},{"id":', "ab", "the file ends inside the record"),
        ('[{"id":"a"},{"id":"b"},{"id":tr', "ab", "the file ends inside the record"),
        ('[{"id":"a"},{"id":"b"},{', "ab", "the file ends inside the record"),
        ('[{"id":"a"},{"id":"b"},\n', "ab", "the array is not closed"),
        ('[{"id":"a"},{"id":"b"}', "ab", "the array is not closed"),
        ('{"id":"a"}\n{"id":"b"}\n{"id":"c', "ab", "the file ends inside the record"),
    ],
)
def test_a_truncated_file_lands_its_complete_records(read, content, ids, reason):
    found = read(content, "json")
    rows = found.values("id")
    assert "".join(id_ for (id_,) in rows) == ids
    ((_, _, found, _),) = found.rejected
    assert found.startswith("truncated: ")
    assert reason in found


def test_text_after_the_array(read):
    found = read('[{"id":"a"}]\noops {"id":"b"}\nmore\n', "json")
    assert found.values("id") == [("a",)]
    assert found.rejected == [
        (2, 3, "text after the end of the array", 'oops {"id":"b"}\nmore')
    ]


def test_what_is_not_an_object(read):
    found = read('[{"id":"a"},5,"x",[1,{"id":2}],null,{"id":"b"}]', "json")
    assert found.values("id") == [("a",), ("b",)]
    assert [reject[2:] for reject in found.rejected] == [
        ("not an object", raw) for raw in ("5", '"x"', '[1,{"id":2}]', "null")
    ]


def test_lines_that_are_no_json(read):
    content = 'oops\n{"id":"a"}\nbad line\nanother one\n7\n{"id":"b"}\n'
    found = read(content, "json")
    assert found.values("id, _record, _line") == [("a", 2, 2), ("b", 6, 6)]
    assert [(r[0], r[3]) for r in found.rejected] == [
        (1, "oops"),
        (3, "bad line"),
        (4, "another one"),
        (5, "7"),
    ]


def test_characters_that_cannot_be_stored(read):
    content = (
        b'[{"id":"a","note":"\\ud800"},\n{"id":"b","note":"\\u0000"},\n'
        b'{"id":"c","x":"\\u0000"},\n{"id":"d","note":"\xff"},\n'
        b'{"id":"e","note":"\x00"},\n{"id":"f","note":"\\ud83d\\ude00"}]'
    )
    found = read(content, "json")
    assert found.values("id, note") == [("f", "😀")]
    assert [(r[0], r[2]) for r in found.rejected] == [
        (1, "not a character: lone surrogate \\ud800"),
        (2, "NUL character"),
        (3, "NUL character"),
        (4, "invalid utf-8 (byte 0xff); is it written in `encoding: cp1252`?"),
        (5, "NUL character"),
    ]
    assert found.rejected[3][3] == '{"id":"d","note":"\\xff"}'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("5", "no record could be read: line 1: not an object"),
        ('"text"', "no record could be read: line 1: not an object"),
        ("oops", "no record could be read: line 1: malformed JSON"),
        ("[oops]", "no record could be read: line 1: malformed JSON"),
        ('\n[{"id":', "no record could be read: line 2: truncated"),
        ('[{"note":1},{"amount":2}]', "required column id is missing"),
        ('{"data":[{"x":1}]}', "no header is a declared column (headers: data)"),
        ("", "empty file"),
        ("\ufeff \n\t", "empty file"),
    ],
)
def test_files_that_are_refused(read, content, reason):
    with pytest.raises(Refusal) as refusal:
        read(content, "json")
    assert refusal.value.reason.startswith(reason)


def test_an_empty_array_has_no_records(read):
    assert read("[]", "json").rows == []


def test_ten_megabytes_in_one_value(read):
    big = "x" * 10_000_000
    content = f'[{record(1)},{{"id":"r2","note":"{big}"}},{record(3)}]'
    found = read(content, "json")
    assert found.values("id, note") == [("r1", "x"), ("r2", big), ("r3", "x")]


def test_deep_nesting_costs_its_record(read):
    deep = "[" * 100_000 + "]" * 100_000
    content = f'{record(1)}\n{{"id":"r2","note":{deep}}}\n{record(3)}\n'
    found = read(content, "json")
    rows = found.values("id")
    assert [row[0] for row in rows] in (["r1", "r3"], ["r1", "r2", "r3"])
    if len(rows) == 2:
        assert "nested too deeply" in found.rejected[0][2]


def test_garbage_longer_than_the_window(read):
    """Reading goes on after it, in flat memory, at the cost of one reject."""
    garbage = '{"id":"r2","note":"' + "\x01 ][, x" * 60_000
    content = f"[{record(1)},{garbage},{record(3)},{record(4)}]"
    found = read(content, "json")
    assert found.values("id") == [("r1",), ("r3",), ("r4",)]
    assert len(found.rejected) == 1
    assert len(found.rejected[0][3]) < 10_100


@pytest.mark.parametrize("separator", [",", ",\n"])
def test_records_at_the_edges_of_chunks(read, separator):
    """Whatever a chunk cuts in two, records and lines come out the same."""
    records = [
        {"id": f"é{n}", "amount": n * 1.5, "note": ["x" * (n % 97), None, True]}
        for n in range(3000)
    ]
    content = f"[{separator.join(json.dumps(r, ensure_ascii=False) for r in records)}]"
    found = read(content, "json")
    rows = found.values()
    step = separator.count("\n")
    assert rows == [
        (r["id"], str(r["amount"]), json.dumps(r["note"], separators=(",", ":")), n)
        for n, r in ((1 + i * step, r) for i, r in enumerate(records))
    ]


@pytest.mark.parametrize("odd", [b"\xff", b"\\ud800", b"\\u0000"])
def test_a_key_that_cannot_be_stored_costs_its_record(shop, odd):
    """It stands for a blank in the alias `sale_id`, so it is no undeclared column."""
    content = b'[{"id":"1"},\n{"sale%sid":"2"},\n{"id":"3"}]' % odd
    outcome = shop.land("sales.json", content)
    assert (outcome.status, outcome.rejected) == ("landed", 1)
    assert shop.rows("sales", "id") == [("1",), ("3",)]
    assert shop.rejects()[0][:2] == (2, 2)


ENVELOPES = [
    '{"results":[{"id":"a","note":"[]}"},\n{"id":"b"},{"id":"c"}]}',
    '{"count":3,"next":null,"results":[{"id":"a"},\n{"id":"b"},{"id":"c"}],"x":{"y":[{}]}}',
    '{"totalSize":3,"done":true,"records":[\n{"attributes":{"type":"T"},"id":"a"},\n'
    '{"id":"b"},{"id":"c"}]}',
    '{"d":{"meta":{"n":3},"results":[{"id":"a"},\n{"id":"b"},{"id":"c"}]},"e":1}',
    '{"id":"answer 7","records":[{"id":"a","note":"x"},\n{"id":"b"},{"id":"c"}]}',
    '{"status":[],"list":[{"id":"a"},\n{"id":"b"},{"id":"c"}]}\n',
]
PAGES = '{"results":[{"id":"a"},\n{"id":"b"}],"page":1}\n{"results":[{"id":"c"}]}'


@pytest.mark.parametrize("content", [*ENVELOPES, PAGES, json.dumps(
    json.loads(ENVELOPES[1]), indent=2)])  # fmt: skip
def test_records_within_an_object_land(read, content):
    found = read(content, "json")
    assert (found.ids, found.rejected) == (["a", "b", "c"], [])
    assert found.reader.cut_reason is None


@pytest.mark.parametrize("content", ENVELOPES)
def test_a_cut_object_lands_every_whole_record(read, content):
    """Cut at each place after its first record, whatever comes before it."""
    last = len(content.rstrip())
    ends = [content.index('"a"') + content[content.index('"a"') :].index("}") + 1]
    ends += [content.index(text) + len(text) for text in ('{"id":"b"}', '{"id":"c"}')]
    if '"note"' in content and "[]}" in content:
        ends[0] = content.index("\n") - 1
    for end in range(ends[0], last):
        found = read(content[:end], "json")
        assert found.ids == list("abc")[: sum(end >= each for each in ends)], end
        assert found.reader.cut_reason.startswith("truncated: "), end
        assert len(found.rejected) == 1, end


@pytest.mark.parametrize(
    "content",
    [
        '{"id":"a","note":[{"id":"x","amount":1,"note":2}]}',
        '{"note":[{"id":"x","amount":1}],"id":"a","amount":3}',
        '{"note":[{"id":"x","amount":1}],"id":"a"}\n{"id":"b"}',
        '{"id":"a","results":[{"id":"x","amount":1}]}\n{"id":"b"}',
        '{"id":"a","items":[{"id":"x","amount":1}]}',
        '{"id":"a","results":{"id":"x","amount":1}}',
        '{"id":"a","results":[]}',
    ],
)
def test_a_list_within_a_record_is_a_value(read, content):
    assert read(content, "json").ids[0] == "a"


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('[{"id":"a","properties":{"amount":1,"Note":"x"}}]', ["a", "1", "x"]),
        ('{"records":[{"id":"a","fields":{"amount":1,"note":"x"}}]}', ["a", "1", "x"]),
        ('[{"id":"a","properties":{"id":"b","amount":1}}]', ["a", "1", None]),
        ('[{"id":"a","properties":{"colour":"red"}}]', ["a", None, None]),
        ('[{"id":"a","properties":null,"amount":1}]', ["a", "1", None]),
    ],
)
def test_fields_held_by_a_record_are_its_own(read, content, row):
    """As HubSpot and Airtable answer; what the record has itself counts more."""
    found = read(content, "json")
    assert [found.rows[0].get(name) for name in ("id", "amount", "note")] == row


def test_a_second_list_is_said(read):
    content = '{"results":[{"id":"a"}],"others":[{"id":"b"}],"tags":["x"]}'
    found = read(content, "json")
    assert found.ids == ["a"]
    assert [r[2:] for r in found.rejected] == [
        ("a second list of records, others, is not read", '[{"id":"b"}]')
    ]


def test_a_large_object_around_records(read):
    records = ",\n".join(record(n) for n in range(20_000))
    rest = json.dumps({"page": {"text": "x" * 400_000}})[1:]
    found = read(f'{{"results": [{records}], {rest}', "json")
    assert (len(found.rows), found.rejected) == (20_000, [])
    found = read(f'{{"results": [{records}], {rest[:-1]}', "json")
    assert len(found.rows) == 20_000
    assert found.reader.cut_reason.startswith("truncated: the object")


def test_numbers_that_may_have_had_more_digits_are_no_keys(read):
    """A text keeps its digits, and so does a whole number; a float has 53 bits."""
    numbers = ["6.4e12", "9007199254740994.0", "120256789012345678", "64.0", "1e5"]
    rows = ",".join(f'{{"id": {number}, "amount": 1.2e17}}' for number in numbers)
    found = read(f"[{rows}]", "json")
    assert found.values("id, amount") == [
        ("120256789012345678", "1.2e17"),
        ("64.0", "1.2e17"),
        ("1e5", "1.2e17"),
    ]
    assert [reason for _, _, reason, _ in found.rejected] == [
        "id 6.4E+12 has lost digits: export it again as text",
        "id 9.00719925474099E+15 has lost digits: export it again as text",
    ]
