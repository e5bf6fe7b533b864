"""Lines of the user's own files: added once, taken away, all else as it was."""

from __future__ import annotations

import csv
import os
import signal
import stat
import threading
from pathlib import Path

import pytest

from scripts import seeds
from scripts.desk import lines
from scripts.desk.lines import LineError, append, read, remove

SEED = "identity_overrides"
HEADER = "entity,record_id,other_record_id,decision,decided_by,decided_on,reason"
LINE = {
    "entity": "contacts",
    "record_id": "P-1",
    "other_record_id": "P-2",
    "decision": "same",
    "decided_by": "Zoë",
    "decided_on": "2026-07-01",
    "reason": "she married",
}
WRITTEN = "contacts,P-1,P-2,same,Zoë,2026-07-01,she married"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own" / f"{SEED}.csv"


def given(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


def added(file: Path, **changed: str) -> bytes:
    append(SEED, LINE | changed, file.parent)
    return file.read_bytes()


def test_a_file_that_is_not_there_is_made_with_its_header(file):
    assert added(file).decode() == f"{HEADER}\n{WRITTEN}\n"
    assert [*file.parent.iterdir()] == [file], "nothing stays beside it"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_gets_its_header(file, content):
    given(file, content)
    assert added(file).decode("utf-8-sig") == f"{HEADER}\n{WRITTEN}\n"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") == (len(content) == 3)


# by hand: what is there, and what the line makes of it
FORMS = {
    "no last line end": (
        f"{HEADER}\na,b,c,same,,,".encode(),
        f"\n{WRITTEN}\n".encode(),
    ),
    "CRLF": (f"{HEADER}\r\n\r\n".encode(), f"{WRITTEN}\r\n".encode()),
    "CR": (f"{HEADER}\r".encode(), f"{WRITTEN}\r".encode()),
    "semicolons and a mark": (
        f"\ufeff{HEADER}\n".replace(",", ";").encode(),
        f"{WRITTEN}\n".replace(",", ";").encode(),
    ),
    "tabs": (
        f"{HEADER}\n".replace(",", "\t").encode(),
        f"{WRITTEN}\n".replace(",", "\t").encode(),
    ),
    "cp1252": (
        f"{HEADER}\na,b,c,same,Jürgen,,\x9d\n".encode("latin-1"),
        f"{WRITTEN}\n".encode("cp1252"),
    ),
    "another order, quotes, blanks": (
        b'reason, decision ,"entity",record_id,other_record_id,decided_on,decided_by\n'
        b'"so, ""sure""\n he said",same,  contacts ,a,b,,\n',
        "she married,same,contacts,P-1,P-2,2026-07-01,Zoë\n".encode(),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_there_stays_byte_for_byte(file, form):
    before, line = FORMS[form]
    given(file, before)
    assert added(file) == before + line
    assert added(file) == before + line, "never twice"
    assert remove(SEED, LINE, file.parent)
    rest = before if before.endswith((b"\n", b"\r")) else before + b"\n"
    assert file.read_bytes() == rest
    assert not remove(SEED, LINE, file.parent)


def test_a_file_with_fewer_columns_gets_those_that_are_needed(file):
    given(file, b'entity;record_id;other_record_id\r\n;;\r\n\r\nx;1;"a\r\nb"\r\ny;2;3')
    assert added(file, decided_by="", reason="").decode() == (
        "entity;record_id;other_record_id;decision;decided_on\r\n;;\r\n\r\n"
        'x;1;"a\r\nb";;\r\ny;2;3;;\r\ncontacts;P-1;P-2;same;2026-07-01\r\n'
    )
    assert [line["record_id"] for _, line in read(SEED, file.parent)] == [
        "1",
        "2",
        "P-1",
    ]


def test_a_letter_that_cp1252_lacks_turns_the_file_into_utf8(file):
    given(file, f"{HEADER}\na,b,c,same,J\xfcrgen,,\x9d\n".encode("latin-1"))
    text = added(file, decided_by="Łukasz").decode("utf-8-sig")
    assert text == (
        f"{HEADER}\na,b,c,same,Jürgen,,\ufffd\n{WRITTEN}\n".replace("Zoë", "Łukasz")
    )


@pytest.mark.parametrize(
    "reason",
    [
        'one\ntwo\r\nthree\rfour "five", six;\tseven',
        "=cmd|' /C calc'!A0",
        "'",
        '"',
        " x ",
    ],
)
def test_any_text_is_one_cell_and_comes_back(file, reason):
    added(file, reason=reason)
    added(file, reason="after")
    assert [line["reason"] for _, line in read(SEED, file.parent)] == [reason, "after"]
    with file.open(encoding="utf-8", newline="") as opened:
        assert [row["reason"] for row in csv.DictReader(opened)] == [reason, "after"]
    assert remove(SEED, LINE | {"reason": reason}, file.parent)
    assert [line["reason"] for _, line in read(SEED, file.parent)] == ["after"]


def test_what_no_seed_takes_is_refused_and_nothing_written(file):
    for seed, line, words in [
        ("identity_override", LINE, "did you mean identity_overrides"),
        ("register_mappings", {}, "cannot be added to"),
        (SEED, LINE | {"reasn": "x"}, "did you mean reason"),
        (SEED, LINE | {"reason": "a\0b"}, "signs"),
        (SEED, LINE | {"reason": "a\ud800b"}, "signs"),
    ]:
        with pytest.raises(LineError, match=words):
            append(seed, line, file.parent)
    assert not file.exists()


def test_a_file_that_no_run_could_read_is_left_alone(file):
    for content in (f"{HEADER}\na,b\n", f'{HEADER}\n"a,b\n', "entity,who\n"):
        given(file, content.encode())
        with pytest.raises(seeds.SeedError):
            append(SEED, LINE, file.parent)
        assert file.read_text() == content


def test_rights_and_links_stay(file, tmp_path):
    given(file, f"{HEADER}\n".encode())
    real = tmp_path / "shared.csv"
    file.rename(real)
    real.chmod(0o640)
    file.symlink_to(real)
    added(file)
    assert file.is_symlink() and real.read_text() == f"{HEADER}\n{WRITTEN}\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {"own", "shared.csv"}


def test_what_somebody_saves_meanwhile_is_kept(file, monkeypatch):
    given(file, f"{HEADER}\n".encode())
    write = lines._written_beside

    def slow(path, content):
        new = write(path, content)
        if b"by hand" not in content:
            given(file, f"{HEADER}\na,b,c,same,,,by hand\n".encode())
        return new

    monkeypatch.setattr(lines, "_written_beside", slow)
    assert added(file).decode() == f"{HEADER}\na,b,c,same,,,by hand\n{WRITTEN}\n"


def test_writers_wait_for_each_other(file):
    """Threads of one process, and processes."""
    children = []
    for child in range(3):
        if not (pid := os.fork()):
            for number in range(10):
                append(SEED, LINE | {"reason": f"{child} {number}"}, file.parent)
            os._exit(0)
        children.append(pid)

    def work(name):
        for number in range(10):
            append(SEED, LINE | {"reason": f"{name} {number}"}, file.parent)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0]
    reasons = [line["reason"] for _, line in read(SEED, file.parent)]
    assert sorted(reasons) == sorted(
        f"{name} {number}" for name in "012ab" for number in range(10)
    )


def test_a_writer_does_not_wait_for_ever(file, monkeypatch):
    given(file, f"{HEADER}\n".encode())
    monkeypatch.setattr(lines, "LONGEST_WAIT", 0.1)
    ready, done = os.pipe(), os.pipe()
    if not (pid := os.fork()):
        with lines.lock(file):
            os.write(ready[1], b".")
            os.read(done[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    with pytest.raises(LineError, match="in use by another process"):
        append(SEED, LINE, file.parent)
    os.write(done[1], b".")
    os.waitpid(pid, 0)
    assert added(file).decode() == f"{HEADER}\n{WRITTEN}\n"


@pytest.mark.parametrize("moment", ["write", "fsync", "replace", "after"])
def test_a_killed_writer_leaves_the_file_whole_and_nobody_out(file, moment):
    before = f"{HEADER}\na,b,c,same,,,\n".encode()
    given(file, before)
    if not (pid := os.fork()):

        def end(*_):
            os.kill(os.getpid(), signal.SIGKILL)

        if moment == "write":
            Path.chmod = end
        elif moment == "fsync":
            os.fsync = end
        elif moment == "replace":
            Path.replace = end
        else:
            lines.sync = end
        append(SEED, LINE, file.parent)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    after = before + f"{WRITTEN}\n".encode()
    assert file.read_bytes() == (after if moment == "after" else before)
    assert seeds.prepare(file.parent).startswith("target/")
    assert added(file) == after
    assert [*file.parent.iterdir()] == [file]
