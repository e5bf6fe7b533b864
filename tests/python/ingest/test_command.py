"""`python -m scripts.ingest` as people use it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from scripts.ingest import IngestError, batch, ingest, lock

from .conftest import write_crm


@pytest.fixture
def inbox(tmp_path):
    write_crm(tmp_path / "mine" / "crm")
    return tmp_path / "mine"


def below(folder) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_good_delivery(command, inbox, tmp_path):
    db = tmp_path / "w.db"
    done = command("--inbox", inbox, "--db", db)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 files: 4 landed; records: 12 landed, 0 rejected" in done.stdout
    assert len(below(inbox)) == 4
    (log,) = (tmp_path / "data" / "logs").iterdir()
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [e["event"] for e in events] == ["started"] + 4 * ["file"] + ["finished"]
    assert events[-1]["landed_count"] == 12
    again = command("--inbox", inbox, "--db", db)
    assert again.returncode == 0
    assert "4 skipped" in again.stdout


def test_a_refused_file_is_named_and_the_others_land(command, inbox, tmp_path):
    (inbox / "crm" / "contacts.json").write_text('[{"id":"P1"}]')
    (inbox / "crm" / "companies.csv").write_text("id,name,domain\nC1,One\nC2,Two,x\n")
    done = command("--inbox", inbox, "--db", tmp_path / "w.db")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert (
        "crm/companies.csv: line 2: expected 3 fields, found 2 "
        "(1 of 2 records rejected)"
    ) in lines
    assert (
        "crm/contacts.json: refused: required column email is missing (headers: id)"
    ) in lines
    assert lines[-1].startswith("4 files: 3 landed, 1 refused; records: 7 landed")


def test_the_projects_own_inbox_is_put_away(command, tmp_path):
    data = tmp_path / "data"
    write_crm(data / "inbox" / "crm")
    (data / "inbox" / "crm" / "odd.csv").write_text("x\n1\n")
    done = command("--db", tmp_path / "w.db")
    assert done.returncode == 1
    assert below(data / "inbox") == set()
    assert len(below(data / "archive" / "crm")) == 4
    assert below(data / "refused") == {"crm/odd.csv", "crm/odd.csv.reason.txt"}


def test_dry_run_tells_all_and_writes_nothing(command, inbox, tmp_path):
    db = tmp_path / "w.db"
    (inbox / "crm" / "contacts.json").write_text('[{"id":"P1"}]')
    before = below(tmp_path)
    done = command("--inbox", inbox, "--db", db, "--dry-run")
    assert done.returncode == 1
    assert "crm/companies.csv: would land 3 records" in done.stdout
    assert "crm/contacts.json: would be refused: required column email" in done.stdout
    assert "3 would land, 1 would be refused" in done.stdout
    assert "9 would land, 0 would be rejected" in done.stdout
    assert " landed" not in done.stdout
    assert below(tmp_path) == before


def test_dry_run_knows_what_has_landed(command, inbox, tmp_path):
    db = tmp_path / "w.db"
    command("--inbox", inbox, "--db", db)
    (inbox / "crm" / "contacts.json").write_text('[{"id":"P1","email":"x"},5]')
    state = {p: p.read_bytes() for p in tmp_path.glob("w.db*")}
    done = command("--inbox", inbox, "--db", db, "--dry-run")
    assert done.returncode == 0
    assert "crm/companies.csv: would be skipped" in done.stdout
    assert "crm/contacts.json: would land 1 record;" in done.stdout
    assert "not an object (1 of 2 records rejected)" in done.stdout
    assert {p: p.read_bytes() for p in tmp_path.glob("w.db*")} == state


def test_dry_run_leaves_an_open_database_alone(inbox, tmp_path):
    db = tmp_path / "w.db"
    ingest(inbox, db)
    writer = sqlite3.connect(db)
    writer.execute("begin immediate")
    writer.execute("update ingest_files set reason = 'x'")
    try:
        assert ingest(inbox, db, dry_run=True).files("skipped") == 4
    finally:
        writer.close()


def test_help_is_complete(command):
    done = command("--help")
    assert done.returncode == 0
    for word in ("--inbox", "--db", "--target", "--dry-run", "exit codes", "<source>"):
        assert word in done.stdout


def test_an_empty_inbox(command, tmp_path):
    (tmp_path / "mine").mkdir()
    done = command("--inbox", tmp_path / "mine", "--db", tmp_path / "w.db")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "no files in" in done.stdout


def fails(done, code: int, *words: object) -> None:
    """One line, naming what is wrong, never a traceback."""
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("ingest: ")
    assert done.stderr.count("\n") == 1
    for word in words:
        assert str(word) in done.stderr


def test_usage_errors(command, inbox, tmp_path):
    db = tmp_path / "w.db"
    assert command("--no-such-option").returncode == 2
    missing = tmp_path / "none"
    fails(command("--inbox", missing, "--db", db), 2, missing, "does not exist")
    file = inbox / "crm" / "companies.csv"
    fails(command("--inbox", file, "--db", db), 2, file, "not a folder")
    fails(command("--inbox", inbox, "--db", missing / "w.db"), 2, missing, "not exist")
    assert not missing.exists()
    clock = {"REVENUE_WAREHOUSE_NOW": "noon"}
    fails(command("--inbox", inbox, "--db", db, **clock), 2, "noon")


def test_databases_that_are_none(command, inbox, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    fails(command("--inbox", inbox, "--db", folder), 3, folder, "is a folder")
    text = tmp_path / "text.db"
    text.write_text("this is no database, but long enough to look at" * 50)
    fails(command("--inbox", inbox, "--db", text), 3, text, "not an SQLite database")
    looked = command("--inbox", inbox, "--db", folder, "--dry-run")
    fails(looked, 3, folder, "is a folder")
    looked = command("--inbox", inbox, "--db", text, "--dry-run")
    fails(looked, 3, text, "not an SQLite database")
    below_file = inbox / "crm" / "companies.csv" / "w.db"
    fails(command("--inbox", inbox, "--db", below_file), 3)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do everything"
)
def test_no_permission(command, inbox, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    fails(command("--inbox", inbox, "--db", locked / "w.db"), 3, "cannot be written")
    (inbox / "crm" / "contacts.json").chmod(0)
    done = command("--inbox", inbox, "--db", tmp_path / "w.db")
    assert done.returncode == 1
    assert (
        "crm/contacts.json: refused: cannot be read: Permission denied" in done.stdout
    )


def test_another_run_holds_the_lock(command, inbox, tmp_path):
    db = tmp_path / "w.db"
    with lock(db):
        done = command("--inbox", inbox, "--db", db)
        fails(done, 3, db, f"in use by another run (process {os.getpid()})")
        ingest(inbox, db)  # the holder itself may go on
    assert command("--inbox", inbox, "--db", db).returncode == 0
    assert not db.with_name("w.db.lock").exists()


def test_a_lock_left_behind_holds_nobody(inbox, tmp_path):
    db = tmp_path / "w.db"
    db.with_name("w.db.lock").write_text("1\n")
    assert ingest(inbox, db).exit_code == 0


def test_another_program_holds_the_database(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr("scripts.ingest.database.BUSY_SECONDS", 0.1)
    db = tmp_path / "w.db"
    ingest(inbox, db)
    writer = sqlite3.connect(db)
    writer.execute("begin immediate")
    with pytest.raises(IngestError, match="another program is writing to it"):
        ingest(inbox, db)
    writer.close()


def test_a_full_disk(inbox, tmp_path, monkeypatch):
    """The file in hand is rolled back, the error is one line."""
    rows = ",\n".join(
        f'{{"id":"A{n}","contact_id":"P1","type":"x"}}' for n in range(9999)
    )
    (inbox / "crm" / "activities.json").write_text(f"[{rows}]")
    original = batch.connect

    def small(db):
        conn = original(db)
        conn.execute("pragma max_page_count = 60")
        return conn

    monkeypatch.setattr(batch, "connect", small)
    db = tmp_path / "w.db"
    with pytest.raises(IngestError, match="the disk is full"):
        ingest(inbox, db)
    monkeypatch.undo()
    with sqlite3.connect(db) as conn:
        assert conn.execute("select count(*) from ingest_files").fetchone() == (0,)
    conn.close()
    assert ingest(inbox, db).files("landed") == 4


def test_a_log_that_cannot_be_written_stops_nothing(inbox, tmp_path):
    (tmp_path / "logs").write_text("no folder")
    summary = ingest(inbox, tmp_path / "w.db", logs=tmp_path / "logs")
    assert summary.files("landed") == 4
    assert "no log in" in summary.log_problem


def test_a_faulty_declaration(inbox, tmp_path):
    declared = tmp_path / "declared" / "crm"
    declared.mkdir(parents=True)
    (declared / "_crm__sources.yml").write_text("sources: 5\n")
    with pytest.raises(IngestError) as error:
        ingest(inbox, tmp_path / "w.db", declarations=declared.parent)
    assert error.value.exit_code == 2
    assert not (tmp_path / "w.db").exists()


def test_importing_ingestion_is_light():
    """No reader for Parquet, no data frame, until a file asks for it."""
    code = "import sys, scripts.ingest.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    modules = set(done.stdout.split())
    assert not modules & {"pyarrow", "pandas", "numpy", "dbt", "duckdb"}


def test_progress_is_told_in_bytes(inbox, tmp_path):
    told = []
    ingest(inbox, tmp_path / "w.db", progress=lambda *step: told.append(step))
    total = sum(path.stat().st_size for path in inbox.rglob("*.*"))
    assert told[-1] == (total, total, "")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_the_real_exports(real_exports, tmp_path):
    inbox = tmp_path / "mine"
    shutil.copytree(real_exports / "crm", inbox / "crm")
    summary = ingest(inbox, tmp_path / "w.db")
    assert {o.label: (o.landed, o.remarks) for o in summary.outcomes} == {
        "crm/activities.json": (1000, []),
        "crm/companies.csv": (100, []),
        "crm/contacts.json": (500, []),
        "crm/opportunities.csv": (200, []),
    }
