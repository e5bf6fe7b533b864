"""What is delivered may be of any size: it lands, or is refused by a named limit."""

import gzip
import io
import json
import os
import subprocess
import sys

import pytest

from scripts.ingest.errors import Refusal, UsageError
from scripts.settings import PROJECT

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402

MEGABYTE = 1 << 20


def parquet(columns: dict, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def zipped(head: bytes, part: bytes, times: int) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
        file.write(head)
        for _ in range(times):
            file.write(part)
    return buffer.getvalue()


def repeated(text: str, rows: int) -> bytes:
    once = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [text])
    return parquet({"id": ["1"] * rows, "note": once}, compression="zstd")


HOSTILE = {
    "repeated.parquet": lambda: repeated("y" * MEGABYTE, 3000),
    "list.parquet": lambda: parquet(
        {
            "id": ["1"],
            "note": pa.ListArray.from_arrays([0, 10_000_000], pa.repeat(1, 10_000_000)),
        },
        compression="zstd",
    ),
    "line.csv.gz": lambda: zipped(b"id,note\n1,", b"x" * MEGABYTE, 60),
    "fields.csv.gz": lambda: zipped(b"id,note\n1", b"," * MEGABYTE, 60),
    "blank.csv.gz": lambda: zipped(b"id,note\n1,2\n", b"\n" * MEGABYTE, 30),
    "quote.csv.gz": lambda: zipped(b'id,note\n1,"', b"\n" * MEGABYTE, 3),
    "stray.csv.gz": lambda: zipped(b'id,note\n1,"x\n', b"1,2\n" * 250_000, 5),
    "string.json.gz": lambda: zipped(b'[{"id":"', b"x" * MEGABYTE, 60),
    "values.json.gz": lambda: zipped(b'[{"id":[0', b",1" * MEGABYTE, 20),
    "open.json.gz": lambda: zipped(b'{"id":1}\n', b"[" * MEGABYTE, 20),
    "blank.ndjson.gz": lambda: zipped(b'{"id":1}\n', b" " * MEGABYTE, 60),
}
RUN = """
import sys
from pathlib import Path
from scripts.ingest import ingest
folder = Path(sys.argv[1])
(outcome,) = ingest(
    folder / "inbox",
    folder / "shop.db",
    lake=Path(sys.argv[2]) if sys.argv[2:] else None,
    declarations=folder / "declarations",
).outcomes
peak = [s for s in open("/proc/self/status") if s.startswith("VmHWM")][0].split()[1]
print(int(peak) // 1000, outcome.status, *outcome.remarks, sep="\\n")
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory")
@pytest.mark.parametrize(
    ("name", "to"),
    [*((name, "tables") for name in HOSTILE)]
    + [(name, "lake") for name in HOSTILE if name.endswith(".parquet")],
)
def test_memory_stays_within_the_limit(shop_in_tables, name, to):
    shop_in_tables.put(f"sales_{name}", HOSTILE[name]())
    lake = [str(shop_in_tables.folder / "lake")] * (to == "lake")
    run = [sys.executable, "-c", RUN, str(shop_in_tables.folder), *lake]
    done = subprocess.run(run, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    peak, status, *remarks = done.stdout.splitlines()
    assert int(peak) < 400
    assert status == "landed" or any("WAREHOUSE_" in line for line in remarks)
    if not lake:
        shop_in_tables.check_counts()


@pytest.mark.parametrize(("rows", "lands"), [(150, True), (3000, False)])
def test_a_value_that_many_rows_of_parquet_name(shop, rows, lands):
    outcome = shop.land("sales.parquet", repeated("y" * 100_000, rows))
    assert (outcome.landed, outcome.status == "landed") == (rows * lands, lands)
    if not lands:
        assert outcome.reason == (
            "unpacked it is more than 400 times as large (WAREHOUSE_SWELLING_LIMIT)"
        )
        return
    assert set(shop.rows("sales", "length(note)")) == {(100_000,)}


def test_how_far_a_gzip_swells_is_a_setting(shop, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_SWELLING_LIMIT", "50")
    monkeypatch.setattr("scripts.ingest.files.MAY_SWELL", MEGABYTE)
    head, row = b"id,note\n", b"1,the same again\n"
    hex_text = os.urandom(450_000).hex().encode() + b"\n"
    shop.put("sales_a.csv.gz", zipped(head, row, 20_000))  # 120 times, but small
    shop.put("sales_b.csv.gz", zipped(head, row, 200_000))
    shop.put("sales_c.csv.gz", zipped(head, b"1," + hex_text, 2))
    remarks = {o.label: o.reason for o in shop.run(logs=shop.data).outcomes}
    assert remarks["shop/sales_b.csv.gz"] == (
        "unpacked it is more than 50 times as large (WAREHOUSE_SWELLING_LIMIT)"
    )
    assert "SWELLING" not in f"{remarks['shop/sales_a.csv.gz']}"
    assert "SWELLING" not in f"{remarks['shop/sales_c.csv.gz']}"
    assert shop.rows("sales", "count(*)") == [(20_002,)]


def test_forty_thousand_columns_land(read):
    names = [f"n{n}" for n in range(40_000)]
    header, row = ",".join(["id", *names]), ",".join(["1", *names])
    found = read(f"{header}\n{row}\n{row}\n")
    assert found.ids == ["1", "1"]
    assert json.loads(found.rows[1]["_extra"]) == dict(zip(names, names, strict=True))
    same = read(",".join(["id", *["x"] * 40_000]) + "\n" + row + "\n")
    assert list(same.reader.extras)[:3] == ["x", "x_2", "x_3"]
    assert len(same.reader.extras) == 40_000


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_the_limit_of_columns_is_a_setting(read, monkeypatch, kind):
    monkeypatch.setenv("WAREHOUSE_COLUMN_LIMIT", "10")
    names = ["id", *(f"n{n}" for n in range(10))]
    content = {
        "csv": ",".join(names) + "\n" + ",".join(names) + "\n",
        "json": json.dumps([dict.fromkeys(names, 1)]),
        "parquet": parquet({name: [1] for name in names}),
    }[kind]
    with pytest.raises(Refusal, match=r"columns.*WAREHOUSE_COLUMN_LIMIT"):
        read(content, kind)


def test_ever_new_columns_are_limited(read, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_COLUMN_LIMIT", "10")
    records = [{"id": n, f"n{n}": 1} for n in range(12)]
    with pytest.raises(Refusal, match="more than 10 different columns"):
        read(json.dumps(records), "json")


def test_a_record_wider_than_the_limit_costs_itself(read, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_COLUMN_LIMIT", "10")
    wide = {f"n{n}": n for n in range(12)}
    found = read(json.dumps([{"id": 1}, wide, {"id": 2}]), "json")
    assert found.ids == ["1", "2"]
    assert [r.reason for r in found.rejects] == [
        "more than 10 columns (WAREHOUSE_COLUMN_LIMIT)"
    ]


@pytest.mark.parametrize("wrong", ["x", "0", "-1", "1e3"])
def test_a_limit_that_is_none_is_wrong_usage(shop_in_tables, monkeypatch, wrong):
    monkeypatch.setenv("WAREHOUSE_RECORD_LIMIT", wrong)
    shop_in_tables.put("sales.csv", "id\n1\n")
    with pytest.raises(UsageError, match="WAREHOUSE_RECORD_LIMIT: expected a number"):
        shop_in_tables.run()


@pytest.mark.parametrize("depth", [50, 400, 900, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_costs_its_record(read, depth, opening, closing):
    deep = f'{{"id": "x", "note": {opening * depth}1{closing * depth}}}'
    for content in (
        f'[{{"id":1}},{deep},{{"id":2}}]',
        f'{{"id":1}}\n{deep}\n{{"id":2}}',
    ):
        found = read(content, "json")
        if depth == 50:
            assert found.ids == ["1", "x", "2"]
            continue
        assert found.ids in (["1", "2"], ["1", "x", "2"])
        assert len(found.rows) + len(found.rejects) == 3
        for reject in found.rejects:
            assert reject.reason == "nested too deeply"


@pytest.mark.parametrize("unit", ['[1,{"id":1,"note":', '{"id":1,"note":[0,', '{"id"}'])
def test_json_broken_everywhere_is_not_read_for_ever(read, unit):
    for head in ("", '{"id":1,"note":"x"}\n', '[{"id":1,"note":"x"},'):
        content = head + unit * (60_000 // len(unit))
        with pytest.raises(Refusal, match=r"100 times \(WAREHOUSE_REREADING_LIMIT\)"):
            read(content, "json")


@pytest.mark.parametrize("limit", [400_000, 16_000_000])
def test_a_lost_bracket_costs_its_record_however_long_the_file(
    read, monkeypatch, limit
):
    monkeypatch.setenv("WAREHOUSE_RECORD_LIMIT", str(limit))
    monkeypatch.setenv("WAREHOUSE_COLUMN_LIMIT", "10")
    good = [f'{{"id":"{n}","note":"{"of some length" * 20}"}}' for n in range(5_000)]
    broken = '{"id":"x","note":["y"'
    found = read("[" + ",\n".join([good[0], broken, *good[1:]]) + "]", "json")
    assert found.ids == [str(n) for n in range(5_000)]
    assert (found.rejects[0].record, found.rejects[0].raw_text) == (2, broken)


@pytest.mark.parametrize(
    "place", ['"note": "\\ud800"', '"\\udfff": 1', '"x": ["\\udc80"]']
)
@pytest.mark.parametrize("form", ["[{}]", "{}"])
def test_a_lone_surrogate_costs_its_record(shop, place, form):
    records = ['{"id": 1}', f'{{"id": 2, {place}}}', '{"id": 3}']
    between = ", " if form == "[{}]" else "\n"
    shop.put("sales.json", form.format(between.join(records)))
    shop.run(logs=shop.data)
    assert shop.rows("sales", "id") == [("1",), ("3",)]
    assert len(shop.rejects()) == 1
    shop.check_counts()


def test_bytes_of_parquet_that_are_no_text_cost_their_record(read):
    texts = pa.array([b"a", b"caf\xe9", None, b"d\0"]).view(pa.string())
    content = parquet({"id": ["1", "2", "3", "4"], "note": texts})
    found = read(content, "parquet")
    assert found.values("id, note") == [("1", "a"), ("3", None)]
    assert [(r.record, r.reason.partition(";")[0]) for r in found.rejects] == [
        (2, "invalid utf-8 (byte 0xe9)"),
        (4, "NUL character"),
    ]


def test_numbers_of_parquet_that_are_none_are_null(read):
    numbers = [float("nan"), float("inf"), 1.5]
    content = parquet(
        {"id": ["1", "2", "3"], "amount": numbers, "note": [[n] for n in numbers]}
    )
    assert read(content, "parquet").values("amount, note") == [
        (None, "[null]"),
        (None, "[null]"),
        ("1.5", "[1.5]"),
    ]
