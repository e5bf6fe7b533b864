"""Names of files as systems write them: bytes that are no text, control characters."""

import json
import os

import pytest

LINE = "\x1b[2J\n\r\t\x07\x9b\u202e\u2028"
SHOWN = "\\x1b[2J\\x0a\\x0d\\x09\\x07\\u009b\\u202e\\u2028"


def put_raw(shop, name: bytes, content: bytes = b"id\n1\n") -> bytes:
    path = os.path.join(os.fsencode(shop.inbox / "shop"), name)  # noqa: PTH118
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(content)
    return path


def test_a_name_that_is_no_utf8_costs_nothing(shop):
    put_raw(shop, b"sales_caf\xe9.csv")
    put_raw(shop, b"d\xfcr/sales.csv")
    put_raw(shop, b"caf\xe9.csv")  # fits no table
    shop.put("sales.csv", "id\n1\n")
    summary = shop.run(archive_to=shop.data, logs=shop.data / "logs")
    assert [(o.label, o.status) for o in summary.outcomes] == [
        ("shop/caf\\xe9.csv", "refused"),
        ("shop/d\\xfcr/sales.csv", "landed"),
        ("shop/sales.csv", "landed"),
        ("shop/sales_caf\\xe9.csv", "landed"),
    ]
    assert len(shop.rows("sales")) == 3
    assert [p for p in shop.inbox.rglob("*") if p.is_file()] == []
    put_raw(shop, b"sales_caf\xe9.csv")
    put_raw(shop, b"caf\xe9.csv")
    again = shop.run(archive_to=shop.data)
    assert [o.status for o in again.outcomes] == ["refused", "skipped"]
    assert len(shop.files("file_id")) == 4


def test_a_folder_that_is_no_utf8_is_no_source(shop):
    put_raw(shop, b"../caf\xe9/sales.csv")
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert outcome.reason == ("caf\\xe9 is not a declared source (declared: shop)")
    assert shop.files("source_name, file_name") == [("caf\\xe9", "sales.csv")]


@pytest.mark.parametrize("content", ["id\n1\n2,3\n", "note\n1\n"])
def test_names_are_shown_without_control_characters(shop, content):
    from scripts.ingest.console import report

    shop.put(f"sales{LINE}.csv", content)
    logs = shop.data / "logs"
    summary = shop.run(archive_to=shop.data, logs=logs)
    (outcome,) = summary.outcomes
    assert outcome.label == f"shop/sales{SHOWN}.csv"
    text = "".join(report(summary))
    (log,) = logs.iterdir()
    lines = log.read_text().split("\n")
    assert [json.loads(line)["event"] for line in lines[:-1]] == [
        *("started", "file", "no_file", "finished")
    ]
    (name,) = shop.files("file_name, archived_as")
    kept = [p.name for p in shop.data.rglob("*")]
    for shown in (text, "".join(lines), *name, *kept):
        assert shown.isprintable()


def test_headers_are_shown_without_control_characters(shop):
    from scripts.ingest.console import report

    shop.put("sales.csv", f'id,"x{LINE}"\n1,2\n')
    shop.put("sales2.csv", f'"x{LINE}",amount\n1,2\n')
    shop.put("sales3.json", json.dumps([{f"x{LINE}": 1, "id": 3}]))
    summary = shop.run(archive_to=shop.data, logs=shop.data / "logs")
    assert [o.status for o in summary.outcomes] == ["landed", "refused", "landed"]
    for line in report(summary):
        assert line.isprintable(), line
    (reason,) = shop.query("select reason from ingest_files where reason is not null")
    assert reason[0].isprintable()
    (note,) = shop.data.glob("refused/shop/*.reason.txt")
    assert note.read_text().rstrip("\n").isprintable()


def test_a_loop_of_links_stops_nothing(shop):
    shop.put("sales.csv", "id\n1\n")
    (shop.inbox / "shop" / "sales_a.csv").symlink_to("sales_b.csv")
    (shop.inbox / "shop" / "sales_b.csv").symlink_to("sales_a.csv")
    outcomes = shop.run().outcomes
    assert [o.status for o in outcomes] == ["landed", "refused", "refused"]
