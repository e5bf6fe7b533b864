"""ZIP files: each member a delivery of its own, the file archived once."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

CSV = "id,amount,note\n1,2,a\n2,3,b\n"


def zipped(members: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_members_land_and_the_file_is_archived_once(shop):
    content = zipped(
        {
            "sales_1.csv": CSV,
            "deep/SALES_2.TXT": CSV.replace(",", ";").replace(";a\n", ";ü\n"),
            "nothing.csv": "x,y\n1,2\n",
            "Attachments/00P": "%PDF",
            "western.csv": b"id;note\n1;\x80\n",
        }
    )
    path = shop.put("May.ZIP", content)
    summary = shop.run(archive_to=shop.data)
    shop.check_counts()
    facts = "file_name, table_name, status, landed_count, notes"
    assert shop.files(facts) == [
        ("May.ZIP!deep/SALES_2.TXT", "sales", "landed", 2, None),
        ("May.ZIP!nothing.csv", None, "refused", 0, None),
        (
            "May.ZIP!sales_1.csv",
            "sales",
            "landed",
            2,
            '["1 attachments, which are not read"]',
        ),
        ("May.ZIP!western.csv", "western", "landed", 1, None),
    ]
    assert shop.rows("sales", "id, amount, note")[:2] == [
        ("1", "2", "ü"),
        ("2", "3", "b"),
    ]
    assert shop.rows("western", "id, note") == [("1", "€")]
    (kept,) = {kept for (kept,) in shop.files("archived_as")}
    assert gzip.decompress((shop.data / kept).read_bytes()) == content
    assert kept.startswith("archive/shop/May.") and not path.exists()
    assert summary.exit_code == 1
    assert len(set(shop.files("content_hash"))) == 4
    # the same once more: nothing lands, nothing else is kept
    shop.put("May.ZIP", content)
    again = shop.run(archive_to=shop.data)
    assert [o.status for o in again.outcomes if o.table] == ["skipped"] * 3
    assert len(list((shop.data / "archive").rglob("*.gz"))) == 1


def test_the_same_member_of_several_zip_files_lands_once(shop):
    shop.put("WE_1.ZIP", zipped({"sales_u.csv": CSV, "sales_a.csv": CSV + "3,,\n"}))
    shop.put("WE_2.ZIP", zipped({"sales_u.csv": CSV, "sales_a.csv": CSV + "4,,\n"}))
    summary = shop.run(archive_to=shop.data)
    assert [(o.label, o.status, o.twin) for o in summary.outcomes] == [
        ("shop/WE_1.ZIP!sales_a.csv", "landed", None),
        ("shop/WE_1.ZIP!sales_u.csv", "landed", None),
        ("shop/WE_2.ZIP!sales_a.csv", "landed", None),
        ("shop/WE_2.ZIP!sales_u.csv", "skipped", "shop/WE_1.ZIP!sales_u.csv"),
    ]
    assert len(shop.rows("sales")) == 8
    kept = dict(shop.files("file_name, archived_as"))
    assert "WE_1." in kept["WE_1.ZIP!sales_u.csv"]
    assert "WE_2." in kept["WE_2.ZIP!sales_a.csv"]
    assert not list(shop.inbox.rglob("*.ZIP"))


def test_a_corrupt_member_costs_itself_alone(shop):
    content = zipped({"sales_1.csv": CSV, "sales_2.csv": CSV * 50})
    raw = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("sales_1.csv").header_offset
    raw[at + 30 + len("sales_1.csv") + 3] ^= 0xFF
    shop.put("x.zip", bytes(raw))
    summary = shop.run(archive_to=shop.data)
    one, two = summary.outcomes
    assert (one.status, two.status, two.landed) == ("refused", "landed", 100)
    assert "corrupt" in one.reason
    (kept,) = {kept for (kept,) in shop.files("archived_as")}
    assert kept.startswith("archive/")


def test_a_zip_file_of_which_nothing_lands_is_set_aside(shop):
    shop.put("x.zip", zipped({"readme": "hello there\n", "b": "no table either\n"}))
    summary = shop.run(archive_to=shop.data)
    assert {o.status for o in summary.outcomes} == {"refused"}
    assert (shop.data / "refused/shop/x.zip").exists()
    note = (shop.data / "refused/shop/x.zip.reason.txt").read_text()
    assert "x.zip!readme: " in note and "x.zip!b: " in note
    shop.put("y.zip", b"PK\x03\x04 broken")
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert (outcome.label, outcome.status) == ("shop/y.zip", "refused")


def test_a_run_killed_between_members_is_finished_by_the_next(shop_in_tables):
    """Until all are dealt with the file stays, and what landed is not landed again."""
    shop = shop_in_tables
    path = shop.put("x.zip", zipped({f"sales_{n}.csv": f"id\n{n}\n" for n in (1, 2)}))

    class Killed(BaseException):
        pass

    def killing(read: int, size: int, label: str) -> None:
        if label.endswith("sales_2.csv"):
            raise Killed

    with pytest.raises(Killed):
        shop.run(archive_to=shop.data, progress=killing)
    assert path.exists() and shop.rows("sales", "id") == [("1",)]
    summary = shop.run(archive_to=shop.data)
    assert [o.status for o in summary.outcomes] == ["skipped", "landed"]
    assert shop.rows("sales", "id") == [("1",), ("2",)]
    assert not path.exists()
    assert len({kept for (kept,) in shop.files("archived_as")}) == 1


def test_a_member_that_lies_about_its_size(shop, monkeypatch):
    content = zipped({"sales_1.csv": "id\n" + "1\n" * 300_000})
    raw = bytearray(content)
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (100).to_bytes(4, "little")
    shop.put("x.zip", bytes(raw))
    (outcome,) = shop.run().outcomes
    assert outcome.status == "refused"
    assert shop.rows("sales") == []


def test_dates_in_names_of_members_and_of_the_file(shop):
    shop.put("a_2025-01-31.zip", zipped({"day.csv": "id\n1\n"}))
    shop.put("b_2025-01-31.zip", zipped({"day_2025-02-01.csv": "id\n2\n"}))
    shop.run()
    shop.run()
    assert shop.files("file_name, delivered_at") == [
        ("a_2025-01-31.zip!day.csv", "2025-01-30T22:00:00.000000Z"),
        ("b_2025-01-31.zip!day_2025-02-01.csv", "2025-01-31T22:00:00.000000Z"),
    ]


def test_nested_and_gzipped_members(shop):
    inner = zipped(
        {"sales_in.csv": CSV, "sales_gz.csv.gz": gzip.compress(b"id\n1\n2\n")}
    )
    shop.put("x.zip", zipped({"part.zip": inner}))
    summary = shop.run()
    assert [(o.label, o.landed) for o in summary.outcomes] == [
        ("shop/x.zip!part.zip!sales_gz.csv.gz", 2),
        ("shop/x.zip!part.zip!sales_in.csv", 2),
    ]


EXPORTS = Path(__file__).parents[4] / "shared/data/exports"


@pytest.mark.skipif(not EXPORTS.exists(), reason="no real exports here")
def test_real_zip_files_are_seen_through():
    from scripts.ingest.contents import contents

    path = EXPORTS / "salesforce/WE_00DXy0000abCDefMAG_1.ZIP"
    found = contents(path).found
    assert "!OpportunityFieldHistory.csv" in {each.label for each in found}
    assert all(each.head.headers[0] == "Id" for each in found)


def test_the_same_member_of_a_later_zip_file_is_known(shop):
    users, other = CSV.replace("1", "7"), CSV.replace("1", "9")
    shop.put("May.zip", zipped({"sales_u.csv": users, "sales_a.csv": CSV}))
    shop.run(archive_to=shop.data)
    shop.put("June.zip", zipped({"sales_u.csv": users, "sales_a.csv": other}))
    found = shop.run(archive_to=shop.data)
    assert [(o.label, o.status) for o in found.outcomes] == [
        ("shop/June.zip!sales_a.csv", "landed"),
        ("shop/June.zip!sales_u.csv", "skipped"),
    ]
    # what was as it is now before it changed is a delivery of its own
    shop.put("July.zip", zipped({"sales_a.csv": CSV}))
    (again,) = shop.run(archive_to=shop.data).outcomes
    assert again.status == "landed"


def test_directories_are_read_once_however_many_members(shop, monkeypatch):
    members = {f"sales_{n}.csv": CSV.replace("1", f"{n}0") for n in range(60)}
    nested = zipped({f"sales_{n}_.csv": CSV + f"{n},,\n" for n in range(20)})
    shop.put("x.zip", zipped({**members, "y.zip": nested}))
    opened = []
    read = zipfile.ZipFile._RealGetContents
    monkeypatch.setattr(
        zipfile.ZipFile,
        "_RealGetContents",
        lambda self: (opened.append(self), read(self)),
    )
    summary = shop.run()
    assert summary.files("landed") == 80
    assert len(opened) < 20


def test_totals_of_a_member_are_held_against_its_records(shop):
    text = "id,amount,note\n1,2,a\n2,3,b\nTotal,6,\n"
    shop.put("x.zip", zipped({"sales.csv": text}))
    (outcome,) = shop.run().outcomes
    assert "line 4: totals differ: amount 6, records 5 (+1)" in outcome.remarks
