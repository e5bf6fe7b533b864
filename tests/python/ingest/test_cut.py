"""A delivery that is not whole: what is whole lands, and the run says what is not."""

import gzip
import io
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest

from scripts.alerts.faults import faults
from scripts.warehouse import Warehouse

CSV = "id,amount,note\n1,2,a\n3,4,b\n"
QUOTE = "truncated: the file ends inside a quoted field"
ALL_QUOTED = '"id","amount","note"\n"1","2","a"\n"3","4","b"\n'
CHARACTER = "truncated: the file ends within a character"
RECORD = "truncated: the file ends inside the record"
GZIP = "the gzip file is truncated"
MANY = [{"id": n, "note": f"note {n * 7919}"} for n in range(5000)]


def cut_gzip(content: str, share: float) -> bytes:
    zipped = gzip.compress(content.encode(), mtime=0)
    return zipped[: int(len(zipped) * share)]


def check(shop, outcome, landed, reason, summary=None) -> None:
    assert (outcome.status, outcome.landed) == ("landed", landed)
    assert (outcome.cut_reason or "").startswith(reason)
    assert outcome.remarks[0].startswith(f"not whole: {reason}")
    assert shop.files("cut_reason")[-1] == (outcome.cut_reason,)
    shop.check_counts()


@pytest.mark.parametrize(
    ("name", "content", "landed", "reason"),
    [
        ("sales.csv", CSV + '5,6,"one\ntwo\nthree', 2, QUOTE),
        ("sales.csv", CSV + '5,6,"one\ntwo, three\n', 2, QUOTE),
        ("sales.csv", CSV + '5,6,"x', 2, QUOTE),
        ("sales.csv", CSV + "5,6", 2, RECORD),
        ("sales.csv", CSV + "57", 2, RECORD),
        ("sales.csv", ALL_QUOTED + '"5","6",', 2, RECORD),
        ("sales.csv", (CSV + "5,6,cö").encode()[:-1], 2, CHARACTER),
        ("sales.csv", (CSV + "5,6,c").encode("utf-16")[:-1], 2, CHARACTER),
        ("sales.csv", CSV.encode("utf-16")[:-1], 1, CHARACTER),
        ("sales.json", json.dumps(MANY[:9])[:-30], 8, "truncated: the file ends"),
        ("sales.json", json.dumps(MANY[:9])[:-1], 9, "truncated: the array is not"),
        ("sales.json", json.dumps(MANY[:9])[:-1] + ",\n", 9, "truncated: the array"),
        ("sales.ndjson", '{"id":1}\n{"id":2}\n{"id":', 2, "truncated: the file ends"),
    ],
)
def test_a_cut_file_lands_what_is_whole(shop, name, content, landed, reason):
    shop.put(name, content)
    summary = shop.run()
    check(shop, summary.outcomes[0], landed, reason)
    assert summary.exit_code == 1
    again = shop.run()  # the same is still not whole
    assert [o.status for o in again.outcomes] == ["skipped"]
    assert again.outcomes[0].remarks[0].startswith(f"not whole: {reason}")
    assert again.exit_code == 1


@pytest.mark.parametrize(
    "content",
    [
        CSV.rstrip("\n"),
        CSV + '5,6,"a\nb"',
        CSV + "\n",
        CSV + "\nCopyright of somebody",
        CSV + '\n"Copyright of somebody"',
        CSV + '5,"6,b\n7,8,c\n9,10,d\n',
        CSV + "5,6\n",
        CSV + "5,6,",
        ALL_QUOTED + '"5","6",\n',
        '"id","amount","note, other"\n5,6,',
    ],
)
def test_a_whole_file_is_not_taken_for_cut(shop, content):
    shop.put("sales.csv", content)
    summary = shop.run()
    assert summary.exit_code == 0
    assert shop.files("cut_reason") == [(None,)]
    shop.check_counts()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "sales.csv.gz",
            "id,note\n" + "".join(f"{r['id']},{r['note']}\n" for r in MANY),
        ),
        ("sales.json.gz", json.dumps(MANY)),
        ("sales.ndjson.gz", "".join(json.dumps(r) + "\n" for r in MANY)),
    ],
)
@pytest.mark.parametrize("share", [0.2, 0.61, 0.999])
def test_a_cut_gzip_lands_what_is_whole(shop, name, content, share):
    shop.put(name, cut_gzip(content, share))
    summary = shop.run()
    (outcome,) = summary.outcomes
    check(shop, outcome, outcome.landed, GZIP)
    assert summary.exit_code == 1
    assert (share - 0.2) * 5000 < outcome.landed < 5000 or share > 0.9
    wanted = [(str(r["id"]), r["note"]) for r in MANY[: outcome.landed]]
    assert shop.rows("sales", "id, note") == wanted

    shop.put(name, gzip.compress(content.encode()))
    healed = shop.run()
    assert (healed.exit_code, healed.outcomes[0].landed) == (0, 5000)
    assert shop.files("cut_reason")[-1] == (None,)


def test_a_gzip_cut_at_the_end_of_a_line_is_cut(shop):
    parts = gzip.compress(CSV.encode(), mtime=0)
    shop.put("sales.csv.gz", parts[:-6])  # all of the text, not all of the check
    summary = shop.run()
    check(shop, summary.outcomes[0], 2, GZIP)
    assert summary.exit_code == 1


@pytest.mark.parametrize("rest", [b"x", b"\0\0<html>502</html>", b"\x1fno" * 99_999])
@pytest.mark.parametrize("text", [CSV, CSV.rstrip("\n")])
@pytest.mark.parametrize("is_packed", [False, True])
def test_what_follows_a_whole_gzip_is_left_and_said(shop, rest, text, is_packed):
    name, whole = "sales.csv.gz", gzip.compress(text.encode(), mtime=0)
    bare = rest.lstrip(b"\0")
    reason = f"{len(bare):,} bytes after the gzip data are no gzip, and were not read"

    def put(content):
        shop.put("sales.zip" if is_packed else name, packed(name, content))

    def packed(name, content):
        if not is_packed:
            return content
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(name, content)
        return held.getvalue()

    put(whole + rest)
    summary = shop.run()
    check(shop, summary.outcomes[0], 2, reason)
    assert summary.exit_code == 1
    assert shop.rows("sales", "id, note") == [("1", "a"), ("3", "b")]
    assert shop.run().exit_code == 1  # the same is still not whole
    put(whole)
    healed = shop.run()
    assert (healed.exit_code, healed.outcomes[0].status) == (0, "landed")
    shop.check_counts()


def test_gzip_in_members_and_with_zeros_after_it_is_whole(shop):
    first, second = (gzip.compress(t.encode()) for t in ("id\n1\n", "2\n"))
    shop.put("sales.csv.gz", first + b"\0" * 600 + second + b"\0" * 70_000)
    summary = shop.run()
    assert summary.exit_code == 0
    assert shop.rows("sales", "id") == [("1",), ("2",)]


def deliver(shop, name: str, records: int, first: int = 0):
    lines = "".join(f"{first + n},{n}\n" for n in range(records))
    path = shop.put(name, f"id,amount\n{lines}")
    summary = shop.run()
    path.unlink()
    return summary


def test_far_fewer_records_than_usual(shop):
    for day in range(1, 4):
        name = f"sales_2024-05-0{day}.csv"
        assert deliver(shop, name, 100 + day, 1000 * day).exit_code == 0
    few = deliver(shop, "sales_2024-05-04.csv", 20)
    assert few.exit_code == 1
    assert few.outcomes[0].cut_reason == (
        "far fewer records than usual: 20, while the last 3 files of its kind had "
        "101 at least (`cut_below: 0.3`)"
    )
    # once it is known to happen, it is usual; a file of another name is no evidence
    assert deliver(shop, "sales_2024-05-05.csv", 21).exit_code == 0
    assert deliver(shop, "sales_extra.csv", 1).exit_code == 0
    assert deliver(shop, "sales_2024-05-04.csv", 104).exit_code == 0


def test_a_share_that_is_declared_later_counts_for_what_has_landed(shop):
    text = (shop.declarations / "shop" / "_shop__sources.yml").read_text()
    for day, count in enumerate((100, 100, 100, 29), 1):
        deliver(shop, f"sales_{day}.csv", count, 1000 * day)
    few = "select count(*) from ingest_files where cut_reason is not null"
    assert shop.query(few) == [(1,)]
    # 29 are less than 0.295 of 100, and more than 0.285 of them
    for share, left in [("0.295", 1), ("0.285", 0)]:
        setting = f"{{files: sales*, cut_below: {share}}}"
        shop.declare(text.replace("{files: sales*}", setting))
        shop.run()
        assert shop.query(few) == [(left,)]


@pytest.mark.parametrize("counts", [(100, 100), (9, 9, 9, 9), (100, 100, 35)])
def test_few_records_are_no_evidence(shop, counts):
    for day, count in enumerate(counts, 1):
        deliver(shop, f"sales_{day}.csv", count, 1000 * day)
    last = 1 if max(counts) < 100 or len(counts) < 3 else 31
    assert deliver(shop, "sales_9.csv", last).exit_code == 0


def test_the_share_of_usual_records_is_a_setting(shop):
    text = (shop.declarations / "shop" / "_shop__sources.yml").read_text()
    shop.declare(text.replace("{files: sales*}", "{files: sales*, cut_below: 0.9}"))
    for day in range(1, 4):
        deliver(shop, f"sales_{day}.csv", 100, 1000 * day)
    assert deliver(shop, "sales_4.csv", 89).exit_code == 1
    shop.declare(text.replace("{files: sales*}", "{files: sales*, cut_below: 0}"))
    assert deliver(shop, "sales_5.csv", 1).exit_code == 0


def alerts(shop) -> list[str]:
    with closing(sqlite3.connect(shop.db)) as conn:
        conn.execute("create temp view fct_ingest_files as select * from ingest_files")
        found = faults(Warehouse("shop", conn, sqlite3.Error))
    return [fault.text for fault in found]


def test_a_cut_file_alerts_until_a_whole_one_came(shop, monkeypatch):
    monkeypatch.setenv("REVENUE_WAREHOUSE_NOW", "2024-05-01T12:00:00Z")
    shop.put("sales.csv", CSV + "5,6")
    shop.put("sales2.csv", CSV)
    shop.run()
    told = f"shop/sales.csv: not whole on 2024-05-01 12:00 UTC: {RECORD}"
    assert alerts(shop) == [told]
    shop.put("sales2.csv", CSV + "9,9,x\n")
    shop.run()
    assert alerts(shop) == [told]
    shop.put("sales.csv", CSV + "5,6,c\n")
    assert shop.run().exit_code == 0
    assert alerts(shop) == []
