"""The main job from the outside: exit codes, messages, samples kept apart."""

import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, redirect_stdout
from types import SimpleNamespace

import pytest
from dbt.adapters.factory import FACTORY

from scripts import command
from scripts.dbt_core import close_connections
from scripts.ingest import IngestError, Summary, lock
from scripts.run import __main__ as run
from scripts.run import planned
from scripts.run.build import Build
from scripts.run.child import Later
from scripts.run.job import choose
from scripts.settings import PROJECT, Settings, SettingsError
from scripts.warehouse import QueryError
from tools.generate.__main__ import main as generate

main = run.main
UNTESTED = {"DBT_EXCLUDE_RESOURCE_TYPES": "test"}


@pytest.fixture(scope="module")
def target(tmp_path_factory, parsed):
    """Return a target folder for all runs."""
    return parsed(tmp_path_factory.mktemp("target"))


class Place:
    """A data folder of its own, and runs in it.

    `tested`: with the tests of the data, half of dbt's nodes.
    """

    def __init__(self, data, target, project=PROJECT, tested=False):
        self.data, self.project, self.tested = data, project, tested
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("WAREHOUSE_", "DBT_"))
        }
        self.environment |= {
            "WAREHOUSE_DATA": str(data),
            "WAREHOUSE_CONFIG": str(data.parent / "no_config"),
            "DBT_TARGET_PATH": str(target),
        }

    def start(self, *options):
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.run", *map(str, options)],
            cwd=self.project,
            env=self.environment | ({} if self.tested else UNTESTED),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *options):
        process = self.start(*options)
        process.stdout, process.stderr = map(str, process.communicate())
        assert "Traceback" not in process.stderr + process.stdout
        return process

    def count(self, database, table):
        return self.holds(database, table, "true")

    def holds(self, database, table, where):
        with closing(sqlite3.connect(self.data / database)) as db:
            query = f"select count(*) from {table} where {where}"
            return db.execute(query).fetchone()[0]


def clean_environment(monkeypatch, data):
    for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("WAREHOUSE_DATA", str(data))


@pytest.fixture
def place(tmp_path, target):
    return Place(tmp_path / "data", target)


DECISIONS = """entity,record_id,other_record_id,decision,decided_by,decided_on,reason
person,contact:hubspot:5101,contact:hubspot:5151,same,Ann,2025-07-01,

people,hubspot:5101,contact:hubspot:5151,different,Ann,2025-07-01,"two
lines"
organisations,company:COMP000,COMP001,different,Ann,2025-07-01,
people,contact:hubspot:5101,contact:hubspot:5151,sme,Ann,1.7.2025,
contacts,hubspot:5101,nobody,same,Ann,2025-07-01,
contacts,hubspot:5101,hubspot:5151,different,Ann,2025-07-01,right
contacts,hubspot:5101,hubspot:5101,same,Ann,2025-07-01,
leads,nobody,none,same,Ann,2025-07-01,
"""
# By hand: what is said of them.
WRONG = [
    "line 2: entity 'person' is unknown (known: companies, contacts, leads, "
    "organisations, people)",
    "line 4: record_id 'hubspot:5101' is unknown; did you mean contact:hubspot:5101?",
    "line 6: other_record_id 'COMP001' is unknown; did you mean company:COMP001?",
    "line 7: decided_on is no day such as 2025-07-01, so the line counts as oldest; "
    "decision 'sme' is neither same nor different",
    "line 8: other_record_id 'nobody' is unknown",
]


@pytest.fixture(scope="module")
def sampled(tmp_path_factory, target):
    """A run in an empty folder, with decisions of its own: place, answer, decisions."""
    folder = tmp_path_factory.mktemp("sampled")
    decisions = folder / "config" / "demo" / "identity_overrides.csv"
    decisions.parent.mkdir(parents=True)
    decisions.write_text(DECISIONS)
    of_own_data = folder / "config" / decisions.name
    of_own_data.write_text("entity,record_id,other_record_id,decision\nx,y,z,same\n")
    place = Place(folder / "data", target, tested=True)
    none = place.environment["WAREHOUSE_CONFIG"]
    place.environment["WAREHOUSE_CONFIG"] = str(of_own_data.parent)
    result = place.run()
    place.tested = False
    place.environment["WAREHOUSE_CONFIG"] = none
    return place, result, decisions


def test_with_no_files_it_runs_on_samples(sampled):
    place, first, decisions = sampled
    assert first.returncode == 0, first.stderr
    assert "is empty: running on samples" in first.stderr
    warnings = re.findall("(?m)^warning: (.*)$", first.stderr)
    assert warnings == [
        *(f"{decisions}: {wrong}" for wrong in WRONG),
        "and 2 more: rpt_identity_faults",
    ]
    # of the users of Salesforce three copies are skipped, and one of its campaigns
    counts = "95 files: 92 landed, 3 skipped; records: 13,839 landed, 0 rejected, 17"
    assert counts in first.stdout
    assert "make explore DB=" in first.stdout
    # of the company's firms a third is in two systems
    assert "      160  dim_companies\n" in first.stdout
    assert place.holds("demo.db", "dim_companies", "company_id like 'COMP%'") == 100
    assert place.holds("demo.db", "fct_activities", "activity_id like 'ACT%'") == 1000
    contacts = "contact_id like 'CONT%'"
    assert place.count("demo.db", "bronze_crm__contacts") == 510 + 57 + 55 + 57 + 57
    assert place.holds("demo.db", "dim_contacts", contacts) == 500  # ten were twice
    with closing(sqlite3.connect(":memory:")) as other:  # under another name
        other.execute("attach ? as w", [str(place.data / "demo.db")])
        names = "select name from w.sqlite_master where type = 'view'"
        for (view,) in other.execute(names).fetchall():
            other.execute(f"select * from w.{view} limit 1").fetchall()
    assert not (place.data / "warehouse.db").exists()


@pytest.mark.long
def test_samples_and_own_data_never_meet(sampled):
    """Own files leave the samples as they are, and go to the archive."""
    place, *_ = sampled
    samples = (place.data / "demo.db").read_bytes()
    inbox = place.data / "inbox"
    generate(["--out", str(inbox), "--scale", "0.1", "--dirt", "0"])
    (inbox / "crm" / "strange.csv").write_text("a,b\n1,2\n")
    (inbox / "crmm").mkdir()
    (inbox / "crmm" / "contacts.csv").write_text("id\n1\n")
    (inbox / "stray.csv").write_text("id\n1\n")
    second = place.run()
    assert second.returncode == 1, second.stderr
    assert second.stderr.endswith(f"run: exit code 1: {run.MEANINGS[1]}\n")
    assert second.stdout.index("Findings") < second.stdout.index("Files")
    assert "samples" not in second.stderr
    refusals = "Files     crm/strange.csv: refused: "
    assert refusals in second.stdout  # before what is said of others
    assert "7 files: 4 landed, 3 refused; records: 180 landed" in second.stdout
    assert re.search(
        r"crmm is not a declared source .*; did you mean crm\?\n", second.stdout
    )
    refused = re.findall(r" 1  error +file_refused \((.*)\)\n", second.stdout)
    assert refused == ["crm", "crmm", "in no folder of a source"]
    assert "       10  dim_companies\n" in second.stdout
    assert (place.data / "demo.db").read_bytes() == samples
    assert not [path for path in inbox.rglob("*") if path.is_file()]
    assert (place.data / "refused" / "crm" / "strange.csv").exists()

    # Nothing new: no samples any more, the same data again.
    third = place.run()
    assert third.returncode == 0, third.stderr
    assert "Nothing new in" in third.stderr
    assert "       10  dim_companies\n" in third.stdout
    assert (place.data / "demo.db").read_bytes() == samples


@pytest.fixture(scope="module")
def named(tmp_path_factory, parsed):
    """A run of a named inbox by a project whose models may be edited.

    Gives what ran, its inbox and database, its answer, and the files from before it.
    """
    folder = tmp_path_factory.mktemp("named")
    project = folder / "project"
    for name in (
        *("dbt_packages", "macros", "models", "scripts", "seeds", "systems"),
        *("tests/generic", "tools"),
    ):
        if (PROJECT / name).exists():
            shutil.copytree(PROJECT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project)
    inbox, database = folder / "mine", folder / "my data" / "mine.db"
    generate(["--out", str(inbox), "--scale", "0.1"])
    before = {path: path.read_bytes() for path in inbox.rglob("*.*")}
    database.parent.mkdir()
    place = Place(folder / "data", parsed(folder / "target"), project)
    result = place.run("--inbox", inbox, "--db", database)
    return place, inbox, database, result, before


@pytest.mark.long
def test_a_named_inbox_stays_as_it_is(named):
    place, inbox, database, result, before = named
    assert result.returncode == 0, result.stderr
    assert f"Database  {database}" in result.stdout
    assert place.count(database, "fct_activities") == 100
    assert {p: p.read_bytes() for p in inbox.rglob("*.*")} == before
    assert not (place.data / "warehouse.db").exists()


@pytest.mark.long
def test_a_failed_build_names_model_and_cause(named):
    place, inbox, database, *_ = named
    (inbox / "crm" / "companies_2.csv").write_text("id,name\nC1,One\n")
    model = place.project / "models" / "marts" / "crm" / "dim_companies.sql"
    model.write_text(model.read_text() + "where no_such_column = 1\n")
    result = place.run("--inbox", inbox, "--db", database)
    assert result.returncode == 4
    failures = [line for line in result.stderr.splitlines() if "build failed" in line]
    assert "model dim_companies: " in failures[0]
    assert "no such column: no_such_column" in failures[0]
    assert "more skipped" in failures[1]
    assert "5 files: 1 landed, 4 skipped" in result.stdout


def test_a_plan_before_the_first_run_says_so_and_makes_nothing(tmp_path, monkeypatch):
    data = tmp_path / "data"
    monkeypatch.setenv("WAREHOUSE_DATA", str(data))
    monkeypatch.delenv("WAREHOUSE_DB", raising=False)
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["--plan"]) == 0
    assert "demo.db. A run would ingest the samples and build every node" in (
        out.getvalue()
    )
    assert not data.exists()
    inbox = tmp_path / "exports"
    inbox.mkdir()
    (inbox / "contacts.csv").write_text("id,email\n1,a@b.example\n")
    with redirect_stdout(out):
        assert main(["--plan", "--inbox", str(inbox)]) == 0
        assert main(["--plan", "--inbox", str(inbox), "--db", f"{tmp_path}/w.db"]) == 0
    assert out.getvalue().count(f"A run would ingest {inbox} and build") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--db", "{tmp}/new.db"], 2, "is empty and {tmp}/new.db holds no data yet"),
        (["--target", "prod"], 2, "warehouse_prod.db holds no data yet"),
        (["--target", "live"], 2, "unknown target 'live'"),
        (["--inbox", "{tmp}/none"], 2, "{tmp}/none does not exist"),
        (["--inbox", "{tmp}", "--db", "{tmp}/text.db"], 3, "not an SQLite database"),
        (["--inbox", "{tmp}", "--db", "{tmp}"], 3, "is a folder"),
        (["--inbox", "{tmp}", "--db", "{tmp}/no/such/x.db"], 2, "{tmp}/no/such does"),
    ],
)
def test_what_cannot_be_run_is_one_line(
    monkeypatch, capsys, tmp_path, options, code, words
):
    clean_environment(monkeypatch, tmp_path / "data")
    (tmp_path / "text.db").write_text("no database, though long enough for one\n" * 9)
    assert main([option.format(tmp=tmp_path) for option in options]) == code
    output = capsys.readouterr()
    (line,) = output.err.splitlines()
    assert words.format(tmp=tmp_path) in line
    assert output.out == ""
    assert not (tmp_path / "new.db").exists()
    assert not (tmp_path / "no").exists()


def test_an_unknown_option_is_a_usage_error():
    with pytest.raises(SystemExit) as stop:
        main(["--nonsense"])
    assert stop.value.code == 2


def test_two_runs_at_once_are_kept_apart(place, tmp_path):
    generate(["--out", str(tmp_path / "mine"), "--scale", "0.1"])
    with lock(tmp_path / "mine.db"):
        result = place.run("--inbox", tmp_path / "mine", "--db", tmp_path / "mine.db")
    assert result.returncode == 3
    begun, line = result.stderr.splitlines()
    assert begun == "run: begun"
    assert "in use by another run" in line
    assert not (tmp_path / "mine.db").exists()


def test_what_nobody_foresaw_is_one_line_and_a_file(monkeypatch, capsys, tmp_path):
    clean_environment(monkeypatch, tmp_path / "data")
    monkeypatch.setattr(command, "TRACEBACK", tmp_path / "logs" / "traceback.log")

    def stumble(*_):
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(run, "choose", stumble)
    assert main([]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError: of all things" in line
    assert "in stumble" in (tmp_path / "logs" / "traceback.log").read_text()


@pytest.fixture
def failing(monkeypatch, tmp_path):
    """Let a run come to a failed build, and return what was done when."""
    clean_environment(monkeypatch, tmp_path / "data")
    done = []

    def start(work):
        return Later(lambda: Summary(tmp_path, tmp_path / "x.db"))

    def tell(settings, said=()):
        done.append((said, bool(sys.modules["scripts.ingest.lock"]._held)))

    class Planner(planned.Planner):
        def build(self, *_):
            return Build(failures=["model x: the reason"])

    monkeypatch.setattr(run.child, "start", start)
    monkeypatch.setattr(planned, "load", lambda _: None)
    monkeypatch.setattr(run, "Planner", Planner)
    monkeypatch.setattr(run.alerts, "after_run", tell)
    monkeypatch.setattr(run.alerts, "after_failure", tell)
    return done


@pytest.mark.parametrize("error", [QueryError, IngestError, sqlite3.OperationalError])
def test_why_a_build_failed_is_told_though_the_database_cannot_be_read(
    monkeypatch, capsys, tmp_path, failing, error
):
    def closed(*_):
        raise error("Connection Error: a different configuration")

    monkeypatch.setattr(run, "record", closed)
    options = ["--inbox", str(tmp_path), "--db", str(tmp_path / "x.db")]
    assert main(options) == 4
    step, reason, more, code = capsys.readouterr().err.splitlines()
    assert step == "loading dbt and the project"
    assert reason == "build failed: model x: the reason"
    assert more == "run: Connection Error: a different configuration"
    assert code == f"run: exit code 4: {run.MEANINGS[4]}"
    assert failing == [(["model x: the reason"], False)]


def test_a_failed_ingestion_is_told_without_the_lock(
    monkeypatch, capsys, tmp_path, failing
):
    def broken(work):
        def finish():
            raise IngestError("the disk is full")

        return Later(finish)

    monkeypatch.setattr(run.child, "start", broken)
    options = ["--inbox", str(tmp_path), "--db", str(tmp_path / "x.db")]
    assert main(options) == 3
    assert capsys.readouterr().err.splitlines()[-1] == "run: the disk is full"
    ((_, is_locked),) = failing
    assert not is_locked


def test_duckdb_is_let_go_of_though_errors_hold_its_connections(monkeypatch, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = str(tmp_path / "x.duckdb")
    held = duckdb.connect(path)  # by the frames of an error, say
    cursor = held.cursor()

    class Manager:
        thread_connections = {1: SimpleNamespace(handle=cursor)}  # noqa: RUF012
        _ENV = held

        def close_all_connections(self):
            self._ENV = None

    adapter = SimpleNamespace(connections=Manager())
    monkeypatch.setitem(FACTORY.adapters, "duckdb_strict", adapter)
    with pytest.raises(duckdb.ConnectionException):
        duckdb.connect(path, read_only=True)
    close_connections()
    duckdb.connect(path, read_only=True).close()


def test_sqlite_has_its_log_written_back_when_a_build_is_done(monkeypatch, tmp_path):
    path = tmp_path / "x.db"
    held = sqlite3.connect(path)
    held.execute("pragma journal_mode = wal")
    held.execute("create table t as select 1 as n")
    connections = SimpleNamespace(
        thread_connections={1: SimpleNamespace(handle=held)},
    )
    adapter = SimpleNamespace(connections=connections)
    monkeypatch.setitem(FACTORY.adapters, "sqlite", adapter)
    assert path.with_name("x.db-wal").stat().st_size
    close_connections()
    assert not path.with_name("x.db-wal").exists()


@pytest.mark.long
def test_an_interrupted_build_ends_in_one_line(place):
    process = place.start()
    log = place.data / "logs" / "dbt.log"
    deadline = time.monotonic() + 120
    while not (log.exists() and "START" in log.read_text()):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "run: interrupted" in errors.splitlines()[-1]


def test_a_source_that_is_asked_counts_as_a_delivery(tmp_path, monkeypatch):
    """With an empty inbox, neither samples nor a refusal."""
    settings = Settings("dev", tmp_path, tmp_path / "mine.db")
    with pytest.raises(SettingsError):
        choose(settings, None, database_named=True)
    monkeypatch.setenv("SALES_API_URL", "http://shop.invalid/sales")
    job = choose(settings, None, database_named=True)
    assert (job.inbox, job.settings, job.note) == (settings.inbox, settings, "")
