"""Watching an inbox: whole files only, one run at a time, a clean end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from types import SimpleNamespace

import pytest

from scripts.ingest import Summary, lock
from scripts.ingest.outcome import Outcome
from scripts.run.build import Build
from scripts.run.job import Job
from scripts.settings import PROJECT, Settings
from scripts.watch import __main__ as watch
from scripts.watch.arrivals import Arrivals, is_being_written

from .mornings import crm

pytest.importorskip("watchfiles", reason="watchfiles is an extra")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    (folder / "crm").mkdir(parents=True)
    return folder


def test_a_file_has_arrived_when_it_no_longer_changes(inbox):
    arrivals = Arrivals(inbox)
    path = inbox / "crm" / "companies.csv"
    (inbox / "crm" / ".hidden.csv").write_text("a")
    assert arrivals.look() == ([], False)
    path.write_text("id,name\n")
    assert arrivals.look() == ([], True)  # just seen
    path.write_text("id,name\nC1,One\n")
    os.utime(path, ns=(1, 1))
    assert arrivals.look() == ([], True)  # changed since
    assert arrivals.look() == ([path], False)
    arrivals.done([path])
    assert arrivals.look() == ([], False)
    os.utime(path, ns=(2, 2))
    assert arrivals.look() == ([], True)  # sent again
    assert arrivals.look() == ([path], False)
    path.unlink()
    assert arrivals.look() == ([], False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tell")
def test_a_file_being_written_has_not_arrived_however_slow_the_writer(inbox):
    arrivals = Arrivals(inbox)
    slow, whole = (inbox / "crm" / f"{n}.csv" for n in ("slow", "whole"))
    whole.write_text("id\n1\n")
    with slow.open("w") as file:
        file.write("id\n")
        file.flush()
        arrivals.look()
        assert is_being_written(slow)
        assert arrivals.look() == ([whole], True)
        arrivals.done([whole])
        assert arrivals.look() == ([], True)
    assert not is_being_written(slow)
    assert arrivals.look() == ([slow], False)


class Rounds(watch.Watcher):
    """Notes what it would ingest, and takes its time."""

    def __init__(self, job):
        super().__init__(job, None)
        self.rounds, self.at_work, self.overlaps = [], False, 0

    def _round(self, paths):
        self._has_begun = True
        self.overlaps += self.at_work
        self.at_work = True
        time.sleep(0.2)
        self.at_work = False
        self.rounds.append([path.name for path in paths])
        self.arrivals.done(paths)
        return True


def until(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_files_that_come_together_are_one_run_and_it_stops_when_told(inbox):
    (inbox / "crm" / "before.csv").write_text("id\n1\n")
    watcher = Rounds(Job(None, inbox, archive=False))
    stop = threading.Event()
    thread = threading.Thread(target=watcher.watch, args=(stop,))
    thread.start()
    until(lambda: watcher.rounds == [["before.csv"]])
    for name in ("a.csv", "b.csv"):
        (inbox / "crm" / name).write_text("id\n1\n")
    until(lambda: len(watcher.rounds) > 1)
    (inbox / "crm" / "c.csv").write_text("id\n1\n")
    until(lambda: sum(map(len, watcher.rounds[1:])) == 3)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert watcher.rounds == [["before.csv"], ["a.csv", "b.csv"], ["c.csv"]]
    assert watcher.overlaps == 0


def test_an_inbox_that_is_made_anew_is_looked_at(inbox, monkeypatch):
    """The system reports nothing of it, as of a folder on a network."""
    monkeypatch.setattr(watch, "LOOK_ANYWAY", 0.5)
    watcher = Rounds(Job(None, inbox, archive=False))
    stop = threading.Event()
    thread = threading.Thread(target=watcher.watch, args=(stop,))
    thread.start()
    until(lambda: watcher.rounds == [[]])
    try:
        inbox.rename(inbox.with_name("before"))
        time.sleep(1)
        for name in ("a.csv", "b.csv"):
            (inbox / "crm").mkdir(parents=True, exist_ok=True)
            (inbox / "crm" / name).write_text("id\n1\n")
            until(lambda name=name: [name] in watcher.rounds)
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_file_is_in_the_marts_after_one_round(
    morning, manifest, tmp_path, inbox, capsys
):
    database = tmp_path / "warehouse.db"
    with closing(sqlite3.connect(morning.database)) as db:
        db.execute("vacuum into ?", [str(database)])
    chosen = watch.settings.load(None, database)
    chosen.export()
    watcher = watch.Watcher(Job(chosen, inbox, archive=False), manifest)
    watcher._has_begun = True
    path = inbox / "crm" / "companies_3.json"
    rows = crm({})["companies"][:2]
    rows[0]["name"] = "Renamed"
    rows[1] |= {"id": "C-NEW", "name": "Quillon", "domain": "quillon.example.org"}
    path.write_text(json.dumps(rows))
    other = shutil.copy(path, inbox / "crm" / "companies_4.json")
    watcher.arrivals.look()
    with lock(database):  # held by this process, so nested use is allowed
        assert watcher._round([path])
    out = capsys.readouterr().out
    assert "1 file: 1 landed" in out
    assert "in the marts after" in out
    with closing(sqlite3.connect(database)) as db:
        names = dict(db.execute("select company_id, company_name from dim_companies"))
        ((tests,),) = db.execute(
            "select count(*) from fct_test_results where test_type = 'data'"
            " and run_id = (select max(run_id) from fct_test_results)"
        )
        built = db.execute(
            "select count(*) from fct_model_runs"
            " where run_id = (select max(run_id) from fct_model_runs)"
            " group by model_name"
        ).fetchall()
    assert set(built) == {(1,)}  # nothing is built twice
    assert names["C0"] == "Renamed"
    assert "C-NEW" in names
    assert tests > 20  # and then tested
    assert os.path.exists(other)  # noqa: PTH110


class Place:
    """A watcher whose ingestion and builds are only noted, or fail as planned."""

    def __init__(self, inbox, monkeypatch):
        monkeypatch.setattr(watch, "FIRST_PAUSE", 0.4)
        self.inbox = inbox
        self.database = inbox.parent / "w.db"
        chosen = Settings("dev", inbox.parent, self.database)
        self.watcher = watch.Watcher(Job(chosen, inbox, archive=False), self)
        self.ingested, self.built, self.told, self.faults = [], [], [], []
        self.owed = {}
        monkeypatch.setattr(watch, "ingest", self.ingest)
        monkeypatch.setattr(watch, "Planner", lambda _: self.planner())
        monkeypatch.setattr(watch, "record", lambda *_: None)
        monkeypatch.setattr(watch.alerts, "after_run", self.tell)
        monkeypatch.setattr(watch.alerts, "after_failure", self.tell)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.watcher.watch, args=(self.stop,))

    def deepcopy(self):
        return self

    def ingest(self, inbox, database, *, only, ask, **_):
        self.ingested.append(([path.name for path in only], ask))
        outcomes = [Outcome(p.name, "crm", p.stem) for p in only]
        return Summary(inbox, database, outcomes=outcomes)

    def planner(self):
        built = SimpleNamespace(owed=self.owed)
        return SimpleNamespace(project={"a": "1"}, built=built, build=self.build)

    def build(self, *, first, reached):
        self.built.append(sorted(first))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        made = Build(failures=list(fault or ()))
        self.owed.clear()
        if made.failures:
            self.owed["model.p.a"] = "failed last time"
        node = SimpleNamespace(fqn=["p", "marts", "a"], unique_id="model.p.a")
        made.results.append(SimpleNamespace(status="success", node=node))
        return made

    def tell(self, settings, said=()):
        self.told.append((said, bool(sys.modules["scripts.ingest.lock"]._held)))


@pytest.fixture
def place(inbox, monkeypatch):
    place = Place(inbox, monkeypatch)
    yield place
    place.stop.set()
    place.thread.join(timeout=10)
    assert not place.thread.is_alive()


def test_a_first_round_is_made_up_when_the_lock_was_held(place, capsys):
    """What is owed is built then, also without any file; and it is said once."""
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, pathlib; from scripts.ingest import lock\n"
            "with lock(pathlib.Path(sys.argv[1])): print(flush=True); input()",
            str(place.database),
        ],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    holder.stdout.readline()
    place.thread.start()
    time.sleep(2)
    (place.inbox / "crm" / "new.csv").write_text("id\n")
    time.sleep(1)
    assert not place.built
    holder.communicate("\n")
    until(lambda: place.built)
    time.sleep(1)
    assert place.built == [["crm"]] and place.ingested == [(["new.csv"], True)]
    (line,) = capsys.readouterr().err.splitlines()
    assert "in use by another run" in line


def test_what_failed_is_tried_again_until_it_is_done(place, capsys):
    place.faults = [["model a: broken"], ["model a: broken"], None]
    place.thread.start()
    until(lambda: len(place.built) == 3)
    time.sleep(1.5)
    assert place.built == [[], [], []]
    assert place.ingested == [([], True)]
    failures = capsys.readouterr().err.splitlines()
    assert failures == ["build failed: model a: broken"]
    place.faults = [["model a: broken"]]
    (place.inbox / "crm" / "new.csv").write_text("id\n")
    until(lambda: len(place.built) == 5)
    time.sleep(1)
    assert place.built[3:] == [["crm"], []]
    assert not any(is_locked for _, is_locked in place.told)


def test_what_could_not_be_done_for_a_file_is_done_later(place, capsys):
    """A full disk, an engine that is busy: the file is no less new therefore."""
    place.thread.start()
    until(lambda: place.built)
    place.faults = [OSError(28, "No space left"), sqlite3.OperationalError("locked")]
    (place.inbox / "crm" / "new.csv").write_text("id\n")
    until(lambda: len(place.ingested) == 4)
    until(lambda: len(place.built) == 4)
    time.sleep(1)
    assert place.built == [[], *[["crm"]] * 3]
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not any(is_locked for _, is_locked in place.told)


def test_a_project_that_cannot_be_read_is_tried_again(place):
    broken = Build(failures=["the project"])
    build, made = place.build, []

    def unread(**of):
        made.append(of)
        return broken if len(made) == 1 else build(**of)

    place.build = unread
    place.thread.start()
    until(lambda: place.built)
    assert place.built == [[]]


def test_own_lines_that_change_are_built_once_they_can_be_read(
    place, tmp_path, monkeypatch, capsys
):
    """Such as a decision of the desk; a wrong file is named once, until it is right."""
    own = tmp_path / "config"
    own.mkdir()
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(own))
    header = "entity,record_id,other_record_id,decision,decided_by,decided_on,reason\n"
    file, written = own / "identity_overrides.csv", []
    monkeypatch.setattr(
        Settings, "export", lambda self: written.append(watch.settings.seeds.prepare())
    )
    place.thread.start()
    until(lambda: place.built)
    file.write_text(header)
    until(lambda: len(place.built) == 2)
    file.write_text(f"{header}contacts,a\n")
    time.sleep(2)
    assert len(place.built) == 2
    file.write_text(f"{header}contacts,a,b,same,Ann,2026-07-01,\n")
    until(lambda: len(place.built) == 3)
    time.sleep(1)
    assert place.built == [[], [], []] and len(written) == 2
    assert place.ingested == [([], True)], "no file has come"
    copy = PROJECT / written[-1] / "identity" / "identity_overrides.csv"
    assert "contacts,a,b,same" in copy.read_text()
    (complaint,) = capsys.readouterr().err.splitlines()
    assert "identity_overrides.csv: line 2: expected 7 fields, found 2" in complaint


def test_signals_end_it_first_cleanly_then_at_once(capsys):
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        stop = watch._stop_on_signal()
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert "stopping when the run at work is done" in capsys.readouterr().err
