"""Files of the project's own inbox are put away; others stay as they were."""

import gzip

import pytest

from scripts.ingest import archive, batch

A = "id,amount\n1,2\n"
BAD = "amount\n2\n"


def tree(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_landed_and_skipped_files_are_archived_compressed(shop):
    shop.put("sub/sales.csv", A)
    shop.put("sales.json.gz", gzip.compress(b'[{"id":1}]'))
    (one, two) = shop.run(archive_to=shop.data).outcomes
    assert {one.archived_as, two.archived_as} == {
        "archive/shop/sales.000001.json.gz",
        "archive/shop/sub/sales.000002.csv.gz",
    }
    assert tree(shop.inbox) == {}
    kept = {name: gzip.decompress(raw) for name, raw in tree(shop.data).items()}
    assert kept == {
        "archive/shop/sales.000001.json.gz": b'[{"id":1}]',
        "archive/shop/sub/sales.000002.csv.gz": A.encode(),
    }
    assert shop.files("archived_as") == [(one.archived_as,), (two.archived_as,)]

    shop.put("sub/sales.csv", A)
    (again,) = shop.run(archive_to=shop.data).outcomes
    assert again.status == "skipped"
    assert tree(shop.inbox) == {}
    assert len(tree(shop.data)) == 2


def test_refused_files_are_set_aside_with_the_reason(shop):
    shop.put("sales.csv", BAD)
    shop.put("x.csv", A, "toys")
    (shop.inbox / "stray.csv").write_text(A)
    shop.run(archive_to=shop.data)
    assert tree(shop.inbox) == {}
    kept = tree(shop.data)
    assert kept["refused/shop/sales.csv"] == BAD.encode()
    assert b"required column id" in kept["refused/shop/sales.csv.reason.txt"]
    assert kept["refused/toys/x.csv"] == kept["refused/stray.csv"] == A.encode()
    assert len(kept) == 6

    shop.put("sales.csv", BAD)  # the same again
    shop.run(archive_to=shop.data)
    assert tree(shop.data) == kept

    shop.put("sales.csv", "note\n2\n")  # the name again, another content
    shop.run(archive_to=shop.data)
    more = tree(shop.data)
    assert kept.items() <= more.items()
    (name,) = {n for n in more.keys() - kept.keys() if n.endswith(".csv")}
    assert more[name] == b"note\n2\n"


def test_a_folder_that_is_not_ours_stays_as_it_was(shop):
    shop.put("sales.csv", A)
    shop.put("sales2.csv", BAD)
    before = tree(shop.inbox)
    shop.run()
    assert tree(shop.inbox) == before
    assert tree(shop.data) == {}


@pytest.mark.parametrize("step", ["_compress", "state"])
def test_a_crash_while_archiving_is_finished_by_the_next_run(shop, monkeypatch, step):
    """Before, and after, the file stands complete in the archive."""
    shop.put("sales.csv", A)

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, step, crash)
    with pytest.raises(KeyboardInterrupt):
        shop.run(archive_to=shop.data)
    monkeypatch.undo()
    assert tree(shop.inbox) == {"shop/sales.csv": A.encode()}
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert outcome.status == "skipped"
    assert tree(shop.inbox) == {}
    assert list(tree(shop.data)) == ["archive/shop/sales.000001.csv.gz"]
    assert shop.files("archived_as") == [("archive/shop/sales.000001.csv.gz",)]
    assert len(shop.rows("sales")) == 1


def test_a_file_replaced_after_landing_is_not_archived_unread(shop, monkeypatch):
    path = shop.put("sales.csv", A)
    put_away = batch._put_away

    def late(*arguments):
        path.write_text(A + "3,4\n")
        put_away(*arguments)

    monkeypatch.setattr(batch, "_put_away", late)
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert "changed after it was landed" in outcome.archive_problem
    assert path.exists()
    assert tree(shop.data) == {}
    monkeypatch.undo()
    shop.run(archive_to=shop.data)
    assert len(shop.rows("sales")) == 3
    assert tree(shop.inbox) == {}


def test_an_archive_that_cannot_be_written_keeps_the_file(shop):
    shop.put("sales.csv", A)
    shop.data.mkdir()
    (shop.data / "archive").write_text("a file where the folder should be")
    summary = shop.run(archive_to=shop.data)
    (outcome,) = summary.outcomes
    assert outcome.status == "landed"
    assert any("left in the inbox" in remark for remark in outcome.remarks)
    assert tree(shop.inbox) == {"shop/sales.csv": A.encode()}
