"""What other libraries write and read is what lands: csv and json as oracles."""

import csv
import io
import json
import random

import pytest

PIECES = [
    "", " ", "  ", "a", "0", "007", "1e5", "-0", "null", "None", "\t", "\n", "\r\n",
    "\r", "\n\n", '"', '""', "'", ",", ",,", ";", "\\", "\\n", "é", "e\u0301", "ß",
    "😀", "\u2028", "\u0085", "\x0b", "\x0c", "\x1c", "\ufeff", "\u00a0", "中", "ا",
    "[", "{", "}", "]", ":", "#", "-----", "\x01", "\x7f",
]  # fmt: skip


BLANKS = " \t\r\n\v\f\u00a0\ufeff"


def is_empty(values) -> bool:
    """Whether a record is none: an empty row, which is set apart."""
    return all(
        value is None or (isinstance(value, str) and not value.strip(BLANKS))
        for value in values
    )


def nasty(dice: random.Random) -> str:
    return "".join(dice.choices(PIECES, k=dice.choice((0, 1, 1, 2, 3, 8))))


@pytest.mark.parametrize("seed", range(25))
def test_csv(read, seed):
    dice = random.Random(seed)
    rows = [[nasty(dice) for _ in range(3)] for _ in range(dice.choice((1, 30, 1500)))]
    buffer = io.StringIO()
    # Before Python 3.13 the writer quotes only the line breaks it ends lines with.
    quoting, ending = dice.choice(
        [(csv.QUOTE_MINIMAL, "\r\n")]
        + [(csv.QUOTE_ALL, e) for e in ("\n", "\r\n", "\r")]
    )
    writer = csv.writer(buffer, quoting=quoting, lineterminator=ending)
    writer.writerow(["id", "amount", "note"])
    ends = [buffer.tell()]
    for row in rows:
        writer.writerow(row)
        ends.append(buffer.tell())
    text = buffer.getvalue()
    codec = dice.choice(("utf-8", "utf-8-sig", "utf-16"))
    found = read(text.encode(codec))
    assert found.rejects == []
    full = [number for number, row in enumerate(rows) if not is_empty(row)]
    landed = [list(row) for row in found.values("id, amount, note")]
    assert landed == [rows[number] for number in full]
    if len(rows) <= 30:  # counted the slow way
        lines = [len(io.StringIO(text[:end], newline="").readlines()) for end in ends]
        assert found.values("_line") == [(lines[number] + 1,) for number in full]


@pytest.mark.parametrize("seed", range(25))
def test_json(read, seed):
    dice = random.Random(seed)

    def value(depth: int = 0):
        kind = dice.randrange(9 if depth < 3 else 6)
        if kind == 0:
            return dice.choice((None, True, False))
        if kind == 1:
            return dice.choice((0, -1, 10**25, dice.randrange(10**6)))
        if kind == 2:
            return dice.choice((0.1, -1e-9, 1e22, dice.random()))
        if kind < 6:
            return nasty(dice)
        if kind == 6:
            return [value(depth + 1) for _ in range(dice.randrange(4))]
        return {nasty(dice): value(depth + 1) for _ in range(dice.randrange(4))}

    records = [
        {"id": value(), "note": value(), "more": value()}
        for _ in range(dice.choice((1, 40, 1500)))
    ]
    options = {"ensure_ascii": dice.random() < 0.5, "indent": dice.choice((None, 0, 2))}
    texts = [json.dumps(record, **options) for record in records]
    if dice.random() < 0.5:
        content = "[" + dice.choice((",", ", ", ",\n")).join(texts) + "]"
    else:
        content = dice.choice(("\n", "\r\n", "")).join(texts)
    found = read(content.encode(dice.choice(("utf-8", "utf-8-sig", "utf-16"))), "json")
    # a key that has been a number with an exponent is none
    assert len(found.rejects) == sum(record["id"] == 1e22 for record in records)
    assert all("1E+22 has lost digits" in reject.reason for reject in found.rejects)
    records = [
        record
        for record in records
        if record["id"] != 1e22 and not is_empty(record.values())
    ]
    assert len(found.rows) == len(records)
    for row, record in zip(found.rows, records, strict=True):
        same(row["id"], record["id"])
        same(row["note"], record["note"])
        same(json.loads(row["_extra"])["more"], record["more"])


def same(landed: str | None, value) -> None:
    """Text lands as it is, everything else so that json reads it back."""
    if value is None or isinstance(value, str):
        assert landed == value
    else:
        assert json.loads(landed) == value
        assert type(json.loads(landed)) is type(value)
        assert landed == landed.strip()


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("number", [199, 200, 201, 1203])
def test_records_land_in_their_order(shop_in_tables, number, long):
    """Many rows go to the database at once, the last and long ones one by one."""
    records = [(str(n), f"{n}.50", f"note {n}") for n in range(number)]
    if long:
        records[7] = ("7", "", "é" * 1_100_000)
    lines = "".join(",".join(record) + "\n" for record in records)
    shop_in_tables.land("sales.csv", f"id,amount,note\n{lines}")
    shop_in_tables.land("stamped.csv", "id,at\n" + "1,01/31/2024\n" * number)
    assert shop_in_tables.rows("sales", "id, amount, note, _record, _line") == [
        (*record, n, n + 1) for n, record in enumerate(records, 1)
    ]
    landed = shop_in_tables.rows("stamped", "_record, _line, _delivered_at, id")
    assert landed == [
        (n, n + 1, "2024-01-31T00:00:00.000000Z", "1") for n in range(1, number + 1)
    ]
