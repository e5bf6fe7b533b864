"""What lies in an inbox besides deliveries, and what refusals say of a cure."""

import sys

import pytest

from scripts.ingest import memory
from scripts.ingest.console import report
from scripts.run.job import visible_files

CSV = "id,amount,note\n1,2,a\n"
JUNK = [
    "~$sales.xlsx", "~$sales.csv", ".DS_Store", "._sales.csv", "Thumbs.db", "thumbs.db",
    ".~lock.sales.csv#", "desktop.ini", "Desktop.ini", "ehthumbs.db", "sales.csv~",
    "__MACOSX/._sales.csv", "sub/.DS_Store", "sub/Thumbs.db", ".sales.csv.swp",
]  # fmt: skip
PARTS = [
    "sales.csv.crdownload", "Unconfirmed 123.crdownload", "sales.csv.part",
    "sales_1.CSV.PART", "sales.csv.tmp", "sales.csv.partial", "sales.csv.filepart",
    "sales.csv.download/sales.csv",
]  # fmt: skip


@pytest.mark.parametrize("source", ["shop", ""])
def test_what_systems_leave_is_no_delivery(shop_in_tables, source):
    shop = shop_in_tables
    for name in JUNK:
        shop.put(name, b"\0\1", source)
    assert list(visible_files(shop.inbox)) == []
    shop.put("sales.csv", CSV)
    summary = shop.run(archive_to=shop.data)
    assert [o.label for o in summary.outcomes] == ["shop/sales.csv"]
    assert (summary.exit_code, summary.notes) == (0, [])
    folder = shop.inbox / source if source else shop.inbox
    assert all((folder / name).exists() for name in JUNK)


def test_a_download_is_waited_for(shop_in_tables):
    shop = shop_in_tables
    for name in PARTS:
        shop.put(name, "id,amo")
    assert list(visible_files(shop.inbox)) == []
    summary = shop.run(archive_to=shop.data)
    assert (summary.outcomes, summary.exit_code) == ([], 0)
    for name in PARTS:
        assert f"shop/{name}: still being downloaded" in report(summary)
        assert (shop.inbox / "shop" / name).exists()
    shop.put("sales.csv.part", CSV).rename(shop.inbox / "shop" / "sales.csv")
    assert [o.landed for o in shop.run().outcomes] == [1]


@pytest.mark.parametrize("name", ["partners.csv", "sales_part.csv", "sales~1.csv"])
def test_names_like_those_are_deliveries(shop_in_tables, name):
    assert shop_in_tables.land(name, CSV).status in ("landed", "refused")


@pytest.mark.parametrize("suffix", ["xlsx", "XLSX", "xls", "ods", "xlsm", "xlsb"])
@pytest.mark.parametrize("name", ["sales", "nothing_known"])
def test_a_broken_workbook_is_refused_and_nothing_else(shop_in_tables, name, suffix):
    outcome = shop_in_tables.land(f"{name}.{suffix}", b"PK\3\4")
    assert outcome.status == "refused"
    assert "the ZIP file or workbook is corrupt" in outcome.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"PK\3\4\x14\0\0\0",
            "the ZIP file or workbook is corrupt: its end is missing, copy or export",
        ),
        (b"<html><p>Please log in</p></html>", "save it as CSV (UTF-8)"),
    ],
)
def test_a_workbook_named_csv(shop_in_tables, content, said):
    assert said in shop_in_tables.land("sales.csv", content).reason


@pytest.mark.parametrize(
    ("name", "content", "setting", "table"),
    [
        ("western.csv", "id,note\n1,2\n", '`delimiter: ","`', "western"),
        ("west.tsv", "id\tnote\n1\t2\n", '`delimiter: "\\t"`', "western"),
    ],
)
def test_a_cure_is_named_with_its_place(shop_in_tables, name, content, setting, table):
    reason = shop_in_tables.land(name, content).reason
    file = shop_in_tables.declarations / "shop" / "_shop__sources.yml"
    assert setting in reason
    assert reason.endswith(f"(config.meta of table {table}, {file})")


def test_the_cure_of_a_reject_is_named_with_its_place(shop_in_tables):
    content = "id,note\n1,é\n2,".encode() + b"\xe9\n"
    outcome = shop_in_tables.land("sales.csv", content)
    file = shop_in_tables.declarations / "shop" / "_shop__sources.yml"
    assert outcome.remarks[0] == (
        "line 3: invalid utf-8 (byte 0xe9); is it written in `encoding: cp1252`? "
        f"(config.meta of table sales, {file}) (1 of 2 records rejected)"
    )


def test_the_projects_own_declarations_are_named_from_its_folder():
    from scripts.ingest.sources import load_sources

    (table,) = [t for t in load_sources()["crm"].tables if t.name == "companies"]
    assert table.with_place('x `delimiter: ";"`') == (
        'x `delimiter: ";"` (config.meta of table companies, '
        "models/staging/crm/_crm__sources.yml)"
    )
    assert table.with_place("no setting") == "no setting"


def test_where_the_system_cannot_refuse_memory_the_peak_is_looked_at(
    shop_in_tables, monkeypatch, tmp_path
):
    peaks = iter([100, 150, 900, 900, 900])

    class Used:
        @property
        def ru_maxrss(self):
            unit = 1 if sys.platform == "darwin" else 1024
            return next(peaks) * 1_000_000 // unit

    monkeypatch.setattr(memory, "_STATUS", tmp_path / "none")
    monkeypatch.setattr(memory.resource, "getrusage", lambda who: Used())
    outcome = shop_in_tables.land(
        "sales.csv", CSV + "".join("2,3,b\n" for _ in range(9000))
    )
    assert outcome.status == "refused"
    assert "more than 400 MB of memory (WAREHOUSE_MEMORY_LIMIT)" in outcome.reason
    assert shop_in_tables.rows("sales") == []


def test_an_inbox_that_is_the_folder_of_a_source_is_said_to_be_one(shop_in_tables):
    path = shop_in_tables.put("sales.csv", "id\n1\n")
    shop_in_tables.inbox = path.parent
    (outcome,) = shop_in_tables.run().outcomes
    assert outcome.remarks == [
        "refused: the inbox named is the folder of source shop: name the folder above "
        f"it, {path.parents[1]}"
    ]
