"""What lands when, and what the ledger says of it."""

import gzip
import json
import os
import sqlite3
from pathlib import Path

import pytest

from scripts.ingest import IngestError, reading

A = "id,amount,note\n1,2,a\n"
B = "id,amount,note\n1,3,a\n"


def statuses(summary) -> dict[str, str]:
    return {outcome.label: outcome.status for outcome in summary.outcomes}


def test_every_declared_table_exists_from_the_first_run(shop_in_tables):
    shop = shop_in_tables
    assert shop.run().exit_code == 0
    tables = {name for (name,) in shop.query("select name from sqlite_master")}
    assert tables >= {
        "bronze_shop__sales",
        "bronze_shop__days",
        "ingest_batches",
        "ingest_files",
        "ingest_rejects",
    }
    columns = [row[1:3] for row in shop.query("pragma table_info(bronze_shop__sales)")]
    assert columns == [
        ("_row_id", "INTEGER"),
        ("_file_id", "INTEGER"),
        ("_record", "INTEGER"),
        ("_line", "INTEGER"),
        ("_batch_id", "INTEGER"),
        ("_loaded_at", "TEXT"),
        ("_delivered_at", "TEXT"),
        ("id", "TEXT"),
        ("amount", "TEXT"),
        ("note", "TEXT"),
        ("_extra", "TEXT"),
    ]
    assert shop.query("pragma journal_mode") == [("wal",)]


def test_what_the_ledger_says_of_a_file(shop, monkeypatch):
    monkeypatch.setenv("REVENUE_WAREHOUSE_NOW", "2024-05-01T12:00:00+02:00")
    shop.put("deep/sales.csv", "sale_id,odd,note\n1,x,a\n2\n-\n")
    shop.run()
    names = (
        "file_id, batch_id, source_name, table_name, file_name, byte_count, format, "
        "encoding, delivered_at, loaded_at, status, reason, record_count, "
        "landed_count, rejected_count, separator_count, extra_columns, "
        "missing_columns, renamed_columns, amended_at, archived_as"
    )
    now = "2024-05-01T10:00:00.000000Z"
    size = 17 + 6 + 2 + 2  # the four lines
    (row,) = shop.files(names)
    assert row[:8] == (1, 1, "shop", "sales", "deep/sales.csv", size, "csv", "utf-8")
    assert row[8:16] == (None, now, "landed", None, 3, 1, 2, 0)
    assert row[16:] == ('["odd"]', '["amount"]', '{"id":"sale_id"}', None, None)
    assert shop.rows("sales") == [
        (1, 1, 1, 2, 1, now, None, "1", None, "a", '{"odd":"x"}')
    ]
    counts = shop.query("select * from ingest_batches")
    assert counts == [(1, now, now, "complete", 1, 1, 0, 0, 3, 1, 2, 0)]
    assert shop.query("pragma foreign_key_check") == []


def test_a_b_a_lands_three_times_and_the_same_again_never(shop):
    for content, expected in [(A, 1), (A, 1), (B, 2), (A, 3), (A, 3), (B, 4)]:
        shop.put("sales.csv", content)
        summary = shop.run()
        assert len(shop.rows("sales")) == expected
        assert summary.exit_code == 0
    assert shop.query(
        "select landed_file_count, skipped_file_count from ingest_batches"
    ) == [(1, 0), (0, 1), (1, 0), (1, 0), (0, 1), (1, 0)]


def test_compressed_or_not_is_the_same_delivery(shop):
    shop.land("sales.csv", A)
    assert shop.land("sales.csv.gz", gzip.compress(A.encode())).status == "skipped"
    assert shop.land("sales2.csv", A).status == "landed"
    assert shop.land("more/sales.csv", A).status == "landed"


def test_order_of_landing(shop):
    names = ["sales_10.csv", "sales_2.csv", "sales.csv", "Sales_3.csv"]
    names += ["day 2024-01-10.csv", "day-b 2024-01-09.csv"]
    for name in names:
        shop.put(name, f"id\n{name}\n")
    shop.run()
    assert [name for (name,) in shop.files("file_name")] == [
        "sales.csv",
        "sales_2.csv",
        "Sales_3.csv",
        "sales_10.csv",
        "day-b 2024-01-09.csv",
        "day 2024-01-10.csv",
    ]


def test_delivery_time_from_the_name_in_the_zone_of_the_source(shop):
    shop.put("day-2024-01-10.csv", "id\n1\n")
    shop.put("day-2024-07-10.csv", "id\n1\n")
    shop.put("day-2024-02-30.csv", "id\n1\n")
    summary = shop.run()
    assert statuses(summary)["shop/day-2024-02-30.csv"] == "refused"
    # midnight two hours ahead of UTC
    expected = [("2024-01-09T22:00:00.000000Z",), ("2024-07-09T22:00:00.000000Z",)]
    assert shop.rows("days", "_delivered_at") == expected
    landed = "select delivered_at from ingest_files where status = 'landed'"
    assert shop.query(landed) == expected


def test_delivery_time_from_a_number_or_a_date_in_the_name(shop):
    names = ["list_2.csv", "list_001.csv", "list_3.csv", "list_2024-01-05.csv"]
    names += ["list_0.csv", "list_99999999999.csv", "list.csv"]
    for name in names:
        shop.put(name, "id\n1\n")
    summary = shop.run()
    landed = dict(shop.files("file_name, delivered_at"))
    assert {name: landed[name][:10] for name in names[:4]} == {
        "list_001.csv": "2024-02-28",
        "list_2.csv": "2024-02-29",
        "list_3.csv": "2024-03-01",
        "list_2024-01-05.csv": "2024-01-05",
    }
    for name in names[4:]:
        assert statuses(summary)[f"shop/{name}"] == "refused"


def test_delivery_time_from_a_column(shop):
    content = (
        "id,at\n1,2024-05-01\n2,05/02/2024 1:30 PM\n3,2024-05-01T10:00:00.5+02:00\n"
        "4,soon\n5,\n6,2021-02-30\n"
    )
    outcome = shop.land("stamped.csv", content)
    assert shop.rows("stamped", "_delivered_at") == [
        ("2024-05-01T00:00:00.000000Z",),
        ("2024-05-02T13:30:00.000000Z",),
        ("2024-05-01T08:00:00.500000Z",),
        (None,),
        (None,),
        (None,),
    ]
    assert shop.files("delivered_at") == [("2024-05-02T13:30:00.000000Z",)]
    assert outcome.undated == 3
    assert shop.land("stamped.csv", content).status == "skipped"


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("other.csv", "shop", "takes this name (those taken begin with sales, day, "),
        ("sales.csv", "toys", "toys is not a declared source (declared: shop)"),
        ("day.csv", "shop", "its name holds no delivery date"),
    ],
)
def test_files_nobody_declared_are_refused(shop, name, source, words):
    shop.put(name, A, source)
    summary = shop.run()
    assert summary.exit_code == 1
    (outcome,) = summary.outcomes
    assert words in outcome.reason
    assert shop.files("source_name, file_name, status") == [(source, name, "refused")]
    assert shop.query("select status from ingest_batches") == [
        ("complete_with_refusals",)
    ]


@pytest.mark.parametrize(
    "suffix", [".xlsx", ".doc", "", ".CSV", ".txt", ".2025", ".zip"]
)
def test_the_suffix_of_a_file_never_refuses_it(shop, suffix):
    outcome = shop.land(f"sales{suffix}", A)
    assert (outcome.status, outcome.landed) == ("landed", 1)
    assert shop.files("format") == [("csv",)]


def test_a_file_outside_the_folders_of_the_sources(shop):
    (shop.inbox / "sales.csv").write_text(A)
    (outcome,) = shop.run().outcomes
    assert "outside the folders of the sources" in outcome.reason
    assert shop.files("source_name, table_name, file_name") == [
        (None, None, "sales.csv")
    ]


def test_hidden_files_and_folders_are_not_seen(shop):
    for name in (".gitkeep", ".DS_Store", ".cache/sales.csv", "sub/._sales.csv"):
        shop.put(name, A)
    (shop.inbox / ".gitkeep").touch()
    assert shop.run().outcomes == []


def test_two_tables_that_take_one_name(shop):
    text = (shop.declarations / "shop" / "_shop__sources.yml").read_text()
    shop.declare(text.replace("files: marked*", "files: sales_x*"))
    shop.put("sales_x.csv", A)
    (outcome,) = shop.run().outcomes
    assert outcome.reason.startswith("its name fits the tables sales and marked")


def test_a_link_out_of_the_inbox_is_not_followed(shop, tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_text(A)
    (shop.inbox / "shop" / "sales.csv").symlink_to(outside)
    (shop.inbox / "shop" / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(shop.inbox / "shop" / "sales_pipe.csv")
    summary = shop.run(archive_to=shop.data)
    assert set(statuses(summary).values()) == {"refused"}
    assert len(summary.outcomes) == 3
    assert outside.read_text() == A
    assert (shop.inbox / "shop" / "sales.csv").is_symlink()


def test_a_refusal_met_again_is_told_but_not_written_again(shop):
    shop.put("sales.csv", "amount\n1\n")
    for _ in range(2):
        summary = shop.run()
        assert summary.exit_code == 1
        assert "required column id is missing" in summary.outcomes[0].reason
    assert len(shop.files("*")) == 1
    shop.put("sales.csv", A)
    assert shop.run().exit_code == 0
    shop.put("sales.csv", "amount\n1\n")
    shop.run()
    assert [s for (s,) in shop.files("status")] == ["refused", "landed", "refused"]


def test_numbers_of_files_are_never_issued_again(shop_in_tables):
    shop_in_tables.land("sales.csv", A)
    shop_in_tables.land("sales.csv", B)
    with sqlite3.connect(shop_in_tables.db) as conn:
        conn.execute("delete from bronze_shop__sales where _file_id = 2")
        conn.execute("delete from ingest_files where file_id = 2")
    conn.close()
    shop_in_tables.land("sales.csv", B)
    assert [n for (n,) in shop_in_tables.files("file_id")] == [1, 3]


def test_a_refused_file_leaves_nothing_behind(shop):
    """Also when it shows only at its end."""
    records = [{"note": str(n)} for n in range(5000)] + [5]
    outcome = shop.land("sales.json", json.dumps(records))
    assert outcome.reason.startswith("required column id is missing")
    assert (outcome.landed, outcome.rejected) == (0, 0)
    assert shop.rows("sales") == []
    assert shop.rejects() == []
    assert shop.files("status, record_count") == [("refused", 0)]


def test_a_file_that_changes_while_it_is_read(shop, monkeypatch):
    path = shop.put("sales.csv", A)
    shop.put("sales2.csv", A)
    original = reading.open_reader

    def meddle(content, table, kind, sheet):
        if Path(content.raw.name) == path:
            path.write_text(A + "9,9,9\n")
        return original(content, table, kind)

    monkeypatch.setattr(reading, "open_reader", meddle)
    summary = shop.run(archive_to=shop.data)
    assert summary.exit_code == 1
    assert "changed while it was read" in summary.outcomes[0].reason
    assert path.exists()
    assert len(shop.rows("sales")) == 1
    monkeypatch.undo()
    assert shop.run().exit_code == 0
    assert len(shop.rows("sales")) == 3


def test_a_column_declared_later_is_filled_from_extra(shop):
    shop.land("sales1.csv", 'id,amount,Colour "x",odd\n1,2,red,o\n2,3,,p\n')
    shop.land("sales2.json", '[{"id":3,"colourx":null,"odd":1},{"id":4,"odd":2}]')
    shop.land("sales3.csv", "id,amount,note\n5,6,n\n")
    text = (shop.declarations / "shop" / "_shop__sources.yml").read_text()
    shop.declare(
        text.replace("- {name: note}", "- {name: note}\n          - name: colour_x", 1)
    )
    summary = shop.run()
    assert summary.amended == ["bronze_shop__sales"]
    assert shop.rows("sales", "id, colour_x, _extra") == [
        ("1", "red", '{"odd":"o"}'),
        ("2", "", '{"odd":"p"}'),
        ("3", None, '{"odd":"1"}'),
        ("4", None, '{"odd":"2"}'),
        ("5", None, None),
    ]
    files = shop.files("extra_columns, missing_columns, amended_at is not null")
    assert files == [
        ('["odd"]', '["note"]', 1),
        ('["odd"]', '["amount","note"]', 1),
        (None, '["colour_x"]', 0),
    ]
    assert shop.run().amended == []
    assert shop.land("sales4.csv", "id,COLOUR X\n6,blue\n").extra == []
    assert shop.rows("sales", "colour_x")[-1] == ("blue",)


def test_an_alias_declared_later_fills_only_where_the_column_was_missing(shop):
    shop.land("sales1.csv", "id,price\n1,10\n2,20\n")
    shop.land("sales2.csv", "id,amount,price\n3,30,31\n")
    text = (shop.declarations / "shop" / "_shop__sources.yml").read_text()
    shop.declare(text.replace("[value, total]", "[value, total, price]"))
    assert shop.run().amended == ["bronze_shop__sales"]
    assert shop.rows("sales", "id, amount, _extra") == [
        ("1", "10", None),
        ("2", "20", None),
        ("3", "30", '{"price":"31"}'),
    ]
    assert shop.files("extra_columns, missing_columns, renamed_columns") == [
        (None, '["note"]', '{"amount":"price"}'),
        ('["price"]', '["note"]', None),
    ]
    assert shop.run().amended == []


def test_a_run_that_was_killed_is_marked_by_the_next(shop):
    shop.run()
    with sqlite3.connect(shop.ledger) as conn:
        conn.execute("update ingest_batches set status = 'running', finished_at = null")
    conn.close()
    shop.run()
    assert shop.query("select status from ingest_batches") == [
        ("interrupted",),
        ("complete",),
    ]


def test_an_unexpected_error_costs_one_file(shop, monkeypatch, tmp_path):
    shop.put("sales1.csv", A)
    shop.put("sales2.csv", A)
    original = reading.open_reader

    def fail(content, table, kind, sheet):
        if Path(content.raw.name).name == "sales1.csv":
            raise ZeroDivisionError("of course")
        return original(content, table, kind)

    monkeypatch.setattr(reading, "open_reader", fail)
    summary = shop.run(logs=tmp_path / "logs", archive_to=shop.data)
    assert [o.status for o in summary.outcomes] == ["refused", "landed"]
    assert summary.outcomes[0].reason == "unexpected ZeroDivisionError: of course"
    assert "Traceback" in summary.log_path.read_text()
    assert (shop.inbox / "shop" / "sales1.csv").exists()


def test_a_stop_by_hand_keeps_what_was_complete(shop, monkeypatch):
    shop.put("sales1.csv", A)
    shop.put("sales2.csv", A)
    original = reading.open_reader

    def stop(content, table, kind, sheet):
        if Path(content.raw.name).name == "sales2.csv":
            raise KeyboardInterrupt
        return original(content, table, kind)

    monkeypatch.setattr(reading, "open_reader", stop)
    with pytest.raises(KeyboardInterrupt):
        shop.run()
    assert len(shop.rows("sales")) == 1
    assert shop.query("select status, landed_file_count from ingest_batches") == [
        ("interrupted", 1)
    ]


def test_a_table_of_somebody_else_is_left_alone(shop_in_tables):
    with sqlite3.connect(shop_in_tables.db) as conn:
        conn.execute("create table bronze_shop__sales (id)")
    conn.close()
    with pytest.raises(
        IngestError, match="bronze_shop__sales exists and is not bronze"
    ):
        shop_in_tables.run()
    assert shop_in_tables.query("select status from ingest_batches") == [("failed",)]


def test_tables_without_a_file_are_named_for_sources_that_deliver(shop):
    assert shop.run().undelivered == {}
    shop.put("sales.csv", A)
    shop.put("day.csv", A)
    assert shop.run().undelivered == {
        "shop": ["stamped", "numbered", "marked", "western", "single"]
    }


def test_files_of_an_older_database_get_the_dates_of_their_names(shop_in_tables):
    shop = shop_in_tables
    shop.put("sales_2024-05-01.csv", A)
    shop.run()
    dates = shop.files("name_dates")
    assert dates == [("2024-05-01",)]
    with sqlite3.connect(shop.db) as older:
        older.execute("alter table ingest_files drop column name_dates")
    older.close()
    shop.run()
    assert shop.files("name_dates") == dates
