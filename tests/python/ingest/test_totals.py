"""Rows of totals and repeated headers are counted apart, and said; nothing is lost."""

import json

import pytest

SALES = "id,amount,note\n1,10.00,a\n2,30.00,b\n"


@pytest.mark.parametrize(
    "row",
    [
        "Total,40.00,",
        "TOTAL:,40,",
        "Grand total,40.00,",
        "Summe,40.00,",
        " Gesamt ,40.00,",
        '"Total","40.00",""',
        "Total (2 records),40.00,",
        ",40.00,",
        "合計,40.00,",
        "Total,USD 40.00,",
        "Total,40.00 EUR,",
        "Total USD,40.00,",
        "Total (CHF):,CHF 40.-,",
        "Totalt,kr 40,",
        "Общий итог,40.00,",
        "Total for 2025-02-01,40.00,",
        "Page Total,40.00,",
        "Total net,40.00,-",
        "Summe,,",
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\n3,1,c\n"])
def test_a_row_of_totals_is_counted_apart(shop, row, end):
    outcome = shop.land("sales.csv", SALES + row + end)
    ids = ["1", "2"] + ["3"] * ("3" in end)
    if row[0] == ",":  # no word: a record without id
        assert outcome.separators == 0
        return
    assert [id_ for (id_,) in shop.rows("sales", "id")] == ids
    assert (outcome.separators, outcome.rejected) == (1, 0)
    assert outcome.remarks[0] == "line 4: totals, no record"
    ((told,),) = shop.files("set_apart")
    assert json.loads(told) == [{"line": 4, "kind": "totals", "text": row}]
    shop.check_counts()


@pytest.mark.parametrize(
    "row",
    [
        "Total,40.00,our customer",  # a text
        "Total Wine,40.00,",
        "3,40.00,Total",
        "Totals Ltd,41.00,",
    ],
)
def test_a_record_that_may_be_true_lands(shop, row):
    outcome = shop.land("sales.csv", SALES + row + "\n")
    assert (outcome.landed, outcome.separators) == (3, 0)


def test_a_total_that_is_no_sum_is_no_record_where_keys_are_numbers(shop):
    outcome = shop.land("sales.csv", SALES + "Total,41.00,\n")
    assert (outcome.landed, outcome.separators) == (2, 1)
    assert outcome.remarks == [
        "line 4: totals, no record",
        "line 4: totals differ: amount 41.00, records 40.00 (+1)",
    ]
    words = SALES.replace("1,10", "one,10").replace("2,30", "two,30")
    assert shop.land("sales_b.csv", words + "Total,41.00,\n").landed == 3


@pytest.mark.parametrize(
    ("end", "landed"),
    [
        (",,3,40.00", 2),  # sums without a word
        ("-,n/a,3,40.00", 3),  # its first value is no blank
        (",n/a,3,40.00\n\n", 2),  # nothing but a blank line follows
        (",,3,41.00", 3),  # no sums
        (",,,40.00", 3),  # one number may be a record's
        (",3,3,40.00", 3),  # a key
        (",,3,40.00\n9,,1,1.00", 4),  # not the last row
    ],
)
def test_a_last_row_of_sums_needs_no_word(shop, end, landed):
    rows = "note,id,quantity,amount\na,1,1,10.00\nb,2,2,30.00\n"
    outcome = shop.land("sales.csv", rows + end + "\n")
    assert (outcome.landed + outcome.rejected, outcome.separators) == (
        landed,
        int(landed == 2),
    )


@pytest.mark.parametrize("rows", [1, 20_000])
@pytest.mark.parametrize(
    "again", ["ID,AMOUNT,NOTE", " Id , Amount, note ", "id , amount , note"]
)
def test_a_header_in_another_notation_is_one_once_more(shop, rows, again):
    part = "".join(f"{n},1,x\n" for n in range(rows))
    outcome = shop.land("sales.csv", f"id,amount,note\n{part}{again}\n{part}")
    assert (outcome.landed, outcome.separators) == (2 * rows, 1)


def test_a_company_called_total_lands(read):
    content = "note,id,amount\nAcme,1,10\nTotal,2,10\nSum,3,20\n"
    assert read(content).ids == ["1", "2", "3"]


def test_a_row_of_totals_without_a_required_value(read):
    content = "note,id,amount\nAcme,1,10\nTotal,,77\n"
    found = read(content)
    assert (found.ids, found.separators) == (["1"], 1)


def test_totals_in_a_large_file_are_found(shop):
    lines = [f"{n},1,x" for n in range(30_000)]
    lines.insert(15_000, "Subtotal,15000,")
    outcome = shop.land("sales.csv", "id,amount,note\n" + "\n".join(lines) + "\n")
    assert (outcome.landed, outcome.separators) == (30_000, 1)
    assert shop.rows("sales", "count(*)") == [(30_000,)]
    shop.check_counts()


@pytest.mark.parametrize("rows", [1, 20_000])
def test_a_repeated_header_is_counted_apart(shop, rows):
    part = "id,amount,note\n" + "".join(f"{n},1,x\n" for n in range(rows))
    quoted = part.replace("id,amount,note", '"id","amount","note"')
    outcome = shop.land("sales.csv", part + part + quoted)
    assert (outcome.landed, outcome.separators) == (3 * rows, 2)
    assert outcome.remarks == [
        f"line {rows + 2}: repeated header, no record (and 1 more)"
    ]
    lines = [at for (at,) in shop.rows("sales", "_line")]
    assert lines[rows] == rows + 3
    shop.check_counts()


@pytest.mark.parametrize("limits", [(40, 10_000), (100_000, 120)])
def test_totals_that_are_too_many_to_be_compared_are_said(shop, monkeypatch, limits):
    comparisons, kept = limits
    monkeypatch.setattr("scripts.ingest.readers.sums.COMPARISONS", comparisons)
    monkeypatch.setattr("scripts.ingest.readers.base.CHECK_LIMIT", kept)
    groups = "".join(f"{n},{n},x\nTotal,{n},\n" for n in range(1, 201))
    outcome = shop.land("sales.csv", "id,amount,note\n" + groups)
    (note,) = outcome.notes
    assert "rows of totals, from line " in note
    assert note.endswith("are too many to be compared with the records")
    first = int(note.split("from line ")[1].split(" ")[0])
    count = int(note.split(" ")[0])
    # a row of totals is on each second line; of those compared none differs
    assert first == 1 + 2 * (200 - count + 1)
    assert not any("differs" in each for each in outcome.apart)
