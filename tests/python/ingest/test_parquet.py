import datetime as dt
import gzip
import io
from decimal import Decimal

import pytest

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402

from scripts.ingest.errors import Refusal  # noqa: E402

MOMENT = dt.datetime(2024, 5, 1, 12, 30, 0, 250)


def parquet(columns: dict, **options) -> bytes:
    buffer = io.BytesIO()
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a", None, "é"]), ["a", None, "é"]),
        (pa.array([1, None, -3]), ["1", None, "-3"]),
        (pa.array([2**63 - 1], pa.int64()), ["9223372036854775807"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([1.5, 0.1, None, 1e300]), ["1.5", "0.1", None, "1e+300"]),
        (pa.array([Decimal("1.10"), None]), ["1.10", None]),
        (pa.array([dt.date(2024, 2, 29)]), ["2024-02-29"]),
        (pa.array([dt.time(1, 2, 3)]), ["01:02:03.000000"]),
        (pa.array([MOMENT], pa.timestamp("us")), ["2024-05-01T12:30:00.000250"]),
        (
            pa.array([MOMENT], pa.timestamp("us", "UTC")),
            ["2024-05-01T12:30:00.000250Z"],
        ),
        (
            pa.array([MOMENT], pa.timestamp("us", "Europe/Berlin")),
            ["2024-05-01T12:30:00.000250Z"],
        ),
        (pa.array([1], pa.timestamp("ns")), ["1970-01-01T00:00:00.000000001"]),
        (pa.array([b"ab", b"\xff\x00"]), ["ab", "ff00"]),
        (pa.array(["x", "y", "x"]).dictionary_encode(), ["x", "y", "x"]),
        (pa.array([[1, None], []]), ["[1,null]", "[]"]),
        (pa.array([{"a": Decimal("1.10"), "b": "é"}]), ['{"a":"1.10","b":"é"}']),
        (pa.array([None, None]), [None, None]),
    ],
)
def test_values_become_text(read, array, expected):
    note = ["x"] * len(array)  # or an empty one would be no record
    columns = {"id": array, "other": array, "note": note}
    found = read(parquet(columns), "parquet")
    assert found.ids == expected
    assert found.values("_record, _line") == [
        (n + 1, None) for n in range(len(expected))
    ]


def test_headers_drift_and_batches(read):
    size = 25_000
    table = pa.table(
        {"Value": range(size), "odd": ["x"] * size, "sale_id": range(size)}
    )
    found = read(parquet(table), "parquet")
    assert found.values("id, amount, _extra, _record")[-1] == (
        str(size - 1),
        str(size - 1),
        '{"odd":"x"}',
        size,
    )
    assert len(found.rows) == size
    assert found.reader.renamed == {"id": "sale_id", "amount": "Value"}
    assert found.reader.missing == ["note"]


def test_nul_costs_its_record(read):
    found = read(parquet({"id": ["a", "b\0", "c"], "x": ["1", "2", "\0"]}), "parquet")
    assert found.ids == ["a"]
    assert [(r.record, r.reason) for r in found.rejects] == [
        (2, "NUL character"),
        (3, "NUL character"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"PAR1 and no more", "the Parquet file is corrupt"),
        (parquet({"id": range(9)})[:-9], "the Parquet file is corrupt"),
        (parquet({"x": [1]}), "no header is a declared column"),
        (parquet({"note": [1]}), "required column id is missing"),
    ],
)
def test_files_that_are_refused(read, content, reason):
    with pytest.raises(Refusal, match=reason):
        read(content, "parquet")


def test_a_corrupt_page_lands_nothing(shop):
    content = bytearray(parquet({"id": [f"v{n}" * 9 for n in range(50_000)]}))
    content[len(content) // 2 : len(content) // 2 + 2000] = b"\xff" * 2000
    outcome = shop.land("sales.parquet", bytes(content))
    assert outcome.status == "refused"
    assert shop.rows("sales") == []


def test_gzipped_and_without_records(shop):
    outcome = shop.land("sales.parquet.gz", gzip.compress(parquet({"id": [1, 2]})))
    assert (outcome.status, outcome.landed) == ("landed", 2)
    empty = parquet(pa.table({"id": pa.array([], pa.string())}))
    outcome = shop.land("sales.parquet", empty)
    assert (outcome.status, outcome.landed) == ("landed", 0)


def test_integers_that_a_null_has_made_floats_are_integers(read):
    buffer = io.BytesIO()
    ids = pa.array([2701.0, None, 2.5, 2.0**60])
    pq.write_table(pa.table({"id": ["a", "b", "c", "d"], "note": ids}), buffer)
    found = read(buffer.getvalue(), "parquet")
    assert found.values("note") == [("2701",), (None,), ("2.5",), (str(2.0**60),)]


@pytest.mark.parametrize(
    ("array", "landed", "rejected"),
    [
        # from 2 to the 53rd on two whole numbers have one double
        (pa.array([2.0**53 - 1, 2.0**53, 1.2e17]), ["9007199254740991"], [
            "id 9.00719925474099E+15", "id 1.2E+17",
        ]),
        # the nearest multiple of 131,072, which is a bit of such a float
        (pa.array([2.0**24 - 1, 1.2e12], pa.float32()), ["16777215"], [
            "id 1.199999942656E+12",
        ]),
        (pa.array([2**53 + 1], pa.int64()), ["9007199254740993"], []),
        (pa.array(["1.2E+17", "a"]), ["a"], ["id 1.2E+17"]),
    ],
)  # fmt: skip
def test_keys_that_have_lost_digits_are_rejected(read, array, landed, rejected):
    amounts = [1.2e17] * len(array)
    found = read(parquet({"id": array, "amount": amounts}), "parquet")
    assert found.ids == landed
    lost = " has lost digits: export it again as text"
    assert [reason for _, _, reason, _ in found.rejected] == [
        f"{each}{lost}" for each in rejected
    ]
