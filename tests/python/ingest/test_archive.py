"""Files of the project's own inbox are put away; others stay as they were."""

import gzip
import hashlib
import os
import stat

import pytest

from scripts.ingest import archive, batch

A = "id,amount\n1,2\n"
BAD = "amount\n2\n"
JSON = b'[{"id":1}]'


def kept_as(label: str, number: int, content: bytes | str, suffix: str) -> str:
    """Where a file is archived: its number and a hash of its bytes in the name."""
    content = content.encode() if isinstance(content, str) else content
    mark = hashlib.sha256(content).hexdigest()[:16]
    return f"archive/{label.rpartition('.')[0]}.{number:06d}.{mark}{suffix}"


def tree(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_landed_and_skipped_files_are_archived_compressed(shop):
    shop.put("sub/sales.csv", A)
    shop.put("sales.json.gz", gzip.compress(JSON, mtime=0))
    (one, two) = shop.run(archive_to=shop.data).outcomes
    names = {
        kept_as("shop/sales.json", 1, gzip.compress(JSON, mtime=0), ".json.gz"),
        kept_as("shop/sub/sales.csv", 2, A, ".csv.gz"),
    }
    assert {one.archived_as, two.archived_as} == names
    assert tree(shop.inbox) == {}
    kept = {name: gzip.decompress(raw) for name, raw in tree(shop.data).items()}
    assert kept == {one.archived_as: JSON, two.archived_as: A.encode()}
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
    summary = shop.run(archive_to=shop.data)
    assert summary.notes == [
        f"refused files are in {shop.data}/refused: mend them, and put them back"
    ]
    assert tree(shop.inbox) == {}
    kept = tree(shop.data)
    places = dict(shop.files("file_name, archived_as"))
    assert places["sales.csv"] == "refused/shop/sales.csv"
    assert kept[places["sales.csv"]] == BAD.encode()
    assert b"required column id" in kept[places["sales.csv"] + ".reason.txt"]
    assert kept[places["x.csv"]] == kept[places["stray.csv"]] == A.encode()
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


@pytest.mark.parametrize("step", ["_copy", "sync", "state", "_take"])
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
    place = kept_as("shop/sales.csv", 1, A, ".csv.gz")
    assert list(tree(shop.data)) == [place]
    assert shop.files("archived_as") == [(place,)]
    assert len(shop.rows("sales")) == 1


def test_a_file_replaced_after_landing_is_not_archived_unread(shop, monkeypatch):
    path = shop.put("sales.csv", A)
    put_away = batch._put_away

    def late(*arguments):
        path.write_text(A + "3,4\n")
        put_away(*arguments)

    monkeypatch.setattr(batch, "_put_away", late)
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert "changed after it was read" in outcome.archive_problem
    assert path.exists()
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


def bytes_kept(shop) -> set[bytes]:
    """What lies below the data folder, unzipped, and what is still in the inbox."""
    return {
        gzip.decompress(raw) if name.endswith(".gz") else raw
        for folder in (shop.data, shop.inbox)
        for name, raw in tree(folder).items()
        if not name.endswith(".reason.txt")
    }


def test_another_database_on_the_same_folder_loses_nothing(shop):
    """Numbers of files begin again there; and in a backup that is restored."""
    sent = [f"id,amount\n{n},{n}\n" for n in range(3)]
    for number, content in enumerate(sent):
        shop.put("sales.csv", content)
        shop.put("bad.csv", f"note\n{number}\n")
        shop.run(archive_to=shop.data)
        assert tree(shop.inbox) == {}
        places = [place for (place,) in shop.files("archived_as")]
        kept = tree(shop.data)
        found = {gzip.decompress(kept[p]) for p in places if p.endswith(".gz")}
        assert found == {content.encode()}
        shop.ledger.unlink()
    assert bytes_kept(shop) >= {content.encode() for content in sent}
    assert bytes_kept(shop) >= {f"note\n{n}\n".encode() for n in range(3)}


def test_an_archived_file_that_was_damaged_is_not_taken_for_the_new_one(shop):
    shop.put("sales.csv", A)
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    (shop.data / outcome.archived_as).write_bytes(b"half of it")
    shop.put("sales.csv", A)
    (again,) = shop.run(archive_to=shop.data).outcomes
    assert again.status == "skipped"
    assert tree(shop.inbox) == {}
    assert gzip.decompress(tree(shop.data)[again.archived_as]) == A.encode()
    assert b"half of it" in tree(shop.data).values()
    assert shop.files("archived_as") == [(again.archived_as,)]


@pytest.mark.parametrize("content", [A, BAD])
def test_a_copy_that_is_not_what_the_file_is_keeps_the_file(shop, monkeypatch, content):
    def copy(path, part, zips):
        part.write_bytes(gzip.compress(b"something else") if zips else b"other")

    monkeypatch.setattr(archive, "_copy", copy)
    shop.put("sales.csv", content)
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert "its copy was not what it is" in outcome.archive_problem
    assert tree(shop.inbox) == {"shop/sales.csv": content.encode()}
    assert tree(shop.data) == {}


@pytest.mark.parametrize("content", [A, BAD])
def test_a_full_disk_keeps_the_file_and_no_half_of_a_copy(shop, monkeypatch, content):
    def full(source, target, *_):
        target.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.shutil, "copyfileobj", full)
    monkeypatch.setattr(archive.Path, "hardlink_to", full)
    path = shop.put("sales.csv", content)
    monkeypatch.setattr(archive.Path, "hardlink_to", lambda *_: path.open("x"))
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert outcome.archive_problem == "No space left on device"
    assert tree(shop.inbox) == {"shop/sales.csv": content.encode()}
    assert tree(shop.data) == {}
    monkeypatch.undo()
    shop.run(archive_to=shop.data)
    assert tree(shop.inbox) == {}
    assert content.encode() in bytes_kept(shop)


def test_a_file_that_comes_while_another_is_taken_stays(shop, monkeypatch):
    path = shop.put("sales.csv", A)
    state = archive.state

    def late(looked_at):
        found = state(looked_at)
        if looked_at == path:  # the last look before it is taken
            new = shop.folder / "new"
            new.write_text(A + "3,4\n")
            new.replace(path)
        return found

    monkeypatch.setattr(archive, "state", late)
    shop.run(archive_to=shop.data)
    assert tree(shop.inbox) == {"shop/sales.csv": (A + "3,4\n").encode()}


def test_a_run_killed_while_it_took_a_file_gives_it_back(shop):
    shop.put("sales.csv", A)
    path = shop.inbox / "shop" / "sales.csv"
    hidden = path.parent / archive._TAKEN / path.name
    hidden.parent.mkdir()
    path.rename(hidden)
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert outcome.status == "landed"
    assert tree(shop.inbox) == {}


def test_a_file_of_the_name_of_the_hidden_folder_stops_no_run(shop):
    shop.put("sales.csv", "id\n1\n")
    theirs = shop.put(".being-archived", "id\n2\n")
    (outcome,) = shop.run(archive_to=shop.data).outcomes
    assert (outcome.status, theirs.read_text()) == ("landed", "id\n2\n")
    assert "File exists" in (outcome.archive_problem or "")  # it cannot be taken


def test_a_reason_never_overwrites_a_delivered_file(shop):
    for name, content in (
        ("sales.csv.reason.txt", "mine"),
        ("sales.csv", BAD),
        ("sales.txt", "more"),
    ):
        shop.put(name, content)
        shop.run(archive_to=shop.data)
    assert tree(shop.inbox) == {}
    kept = list(tree(shop.data).values())
    assert {b"mine", b"more", BAD.encode()} <= set(kept)
    assert len(kept) == 6


@pytest.mark.parametrize("content", [A, BAD])
def test_the_longest_names_are_archived(shop, content):
    shop.put("sales" + "x" * 246 + ".csv", content)
    shop.put("sales" + "ü" * 123 + ".csv", content + "7,8\n")
    shop.put("sales." + "y" * 249, content)
    shop.run(archive_to=shop.data)
    assert tree(shop.inbox) == {}
    assert {content.encode(), (content + "7,8\n").encode()} <= bytes_kept(shop)


def test_what_is_written_is_its_owners_alone(shop, monkeypatch):
    for mask, file_mode, folder_mode in [(None, 0o600, 0o700), ("027", 0o640, 0o750)]:
        folder = shop.folder / f"data{mask}"
        if mask:
            monkeypatch.setenv("WAREHOUSE_UMASK", mask)
            shop.ledger.unlink()
        shop.put("sales.csv", A + f"9,{mask}\n").chmod(0o644)
        shop.put("bad.csv", BAD + str(mask)).chmod(0o644)
        before = os.umask(0o022)
        try:
            shop.run(archive_to=folder, logs=folder / "logs")
            assert os.umask(0o022) == 0o022
        finally:
            os.umask(before)
        paths = [*folder.rglob("*"), shop.ledger]
        assert len([p for p in paths if p.is_file()]) == 5
        for path in paths:
            wanted = folder_mode if path.is_dir() else file_mode & 0o644
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_setting_that_is_no_umask_is_wrong_usage(command, tmp_path):
    (tmp_path / "in").mkdir()
    for wrong in ("x", "700", "8", "1000"):
        done = command(
            *("--inbox", tmp_path / "in", "--db", tmp_path / "x.db"),
            WAREHOUSE_UMASK=wrong,
        )
        assert done.returncode == 2
        assert done.stderr == (
            f"ingest: WAREHOUSE_UMASK: expected 000 to 077, not {wrong!r}\n"
        )


def test_where_a_file_is_kept_is_noted_before_it_is_taken(shop, monkeypatch):
    """A run that is killed in between would never learn it again."""
    shop.put("sales.csv", "id\n1\n")
    shop.put("nothing.csv", "id\n1\n")

    def killed(*_):
        raise KeyboardInterrupt

    take = archive._take
    for taken in (1, 2):  # each ends the run
        monkeypatch.setattr(archive, "_take", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.run(archive_to=shop.data)
        noted = [name for (name,) in shop.files("archived_as") if name]
        assert len(noted) == taken
        assert all((shop.data / name).exists() for name in noted)
        monkeypatch.setattr(archive, "_take", take)
        next(p for p in sorted(shop.inbox.glob("shop/*.csv"))).unlink()
